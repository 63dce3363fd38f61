"""The command line: one file per verb, scripts' stable way in (stdout is data, stderr is narration).

Must never load Textual or httpx, nor rich before something is drawn.
"""

"""A command line becomes words, as a POSIX shell or Windows' cmd would split it.

Owns the quoting. Must never expand, substitute or run anything: what would is refused by its name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tui_downloader.errors import InvalidInputError

_ANSI = {
    "a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v",
}  # fmt: skip
_ANSI_NUMBER = re.compile(r"x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|([0-7]{1,3})")
_OPERATOR = re.compile(r"&&|\|\||>>|<<|[;|&<>()]")
_SUBSTITUTION = re.compile(r"\$\(|\$\{|\$[A-Za-z_0-9?!@*#-]|`")
_NAMES = {"$(": "$(…)", "`": "`…`", "${": "${…}"}
_CARET = re.compile(r"\^(?:\r?\n(\r?\n)?|(.))", re.DOTALL)


class ShellSyntaxError(InvalidInputError):
    """The command does more than one program could be told: it is not taken."""

    def __init__(self, sign: str, problem: str) -> None:
        """Keeps the sign, as it would be written in a command.

        Args:
            sign: What would be carried out: `$(…)`, `|`.
            problem: What is wrong with it, the end of a sentence.
        """
        super().__init__(problem)
        self.sign = sign


@dataclass(frozen=True, slots=True)
class Split:
    """One command."""

    words: tuple[str, ...]
    """Its words, quotes taken off."""
    length: int
    """How many characters of the text it took."""


def split_posix(text: str) -> Split:
    """Splits one command off the begin of a text, as a POSIX shell does; it ends with its line.

    Raises:
        ShellSyntaxError: A substitution, a variable or an operator is in it, or a quote is not closed.
    """
    words: list[str] = []
    word: str | None = None
    at = 0
    while at < len(text):
        character = text[at]
        if text.startswith(("\\\n", "\\\r\n"), at):
            at += 2 if text[at + 1] == "\n" else 3
            continue
        if character in " \t\r\n":
            if word is not None:
                words.append(word)
            word, at = None, at + 1
            if character == "\n":
                break
            continue
        if character in ";&" and not text[at + 1 :].partition("\n")[0].strip():
            at += 1  # the end of this command, and of its line: browsers join several so
            continue
        part, at = _part(text, at)
        word = (word or "") + part
    if word is not None:
        words.append(word)
    return Split(tuple(words), at)


def _part(text: str, at: int) -> tuple[str, int]:
    """Reads one quoted piece or one character; returns it and where it ends."""
    if text.startswith("$'", at):
        return _ansi_quoted(text, at + 2)
    if text[at] == "'":
        end = text.find("'", at + 1)
        if end < 0:
            raise ShellSyntaxError("'", "has a quote that is not closed.")
        return text[at + 1 : end], end + 1
    if text[at] == '"' or text.startswith('$"', at):
        return _double_quoted(text, text.index('"', at) + 1)
    if text[at] == "\\":
        return text[at + 1 : at + 2], at + 2
    _refuse_substitution(text, at)
    operator = _OPERATOR.match(text, at)
    if operator:
        raise ShellSyntaxError(operator[0], f"goes on with “{operator[0]}”: only the command itself is taken.")
    return text[at], at + 1


def _double_quoted(text: str, at: int) -> tuple[str, int]:
    """Reads to the closing quote; a backslash keeps its meaning before a few characters only."""
    read = []
    while at < len(text) and text[at] != '"':
        if text[at] == "\\" and text[at + 1 : at + 2] in {"$", "`", '"', "\\", "\n"}:
            read.append("" if text[at + 1] == "\n" else text[at + 1])
            at += 2
            continue
        _refuse_substitution(text, at)
        read.append(text[at])
        at += 1
    if at >= len(text):
        raise ShellSyntaxError('"', "has a quote that is not closed.")
    return "".join(read), at + 1


def _ansi_quoted(text: str, at: int) -> tuple[str, int]:
    """Reads a `$'…'`, in which a backslash names characters."""
    read = []
    while at < len(text) and text[at] != "'":
        if text[at] != "\\":
            read.append(text[at])
            at += 1
            continue
        number = _ANSI_NUMBER.match(text, at + 1)
        if number:
            code = int(number[4], 8) if number[4] else int(next(filter(None, number.groups())), 16)
            read.append(chr(code) if code < 0x110000 else "\ufffd")
            at = number.end()
        else:
            read.append(_ANSI.get(text[at + 1 : at + 2], text[at + 1 : at + 2]))
            at += 2
    if at >= len(text):
        raise ShellSyntaxError("'", "has a quote that is not closed.")
    return "".join(read), at + 1


def _refuse_substitution(text: str, at: int) -> None:
    """Refuses what a shell would replace by something else."""
    match = _SUBSTITUTION.match(text, at)
    if match:
        sign = _NAMES.get(match[0], "$…")
        raise ShellSyntaxError(sign, f"has a shell substitution in it, “{sign}”: nothing is carried out.")


def is_for_cmd(text: str) -> bool:
    """Tells whether a command was written for Windows' cmd: carets before quotes or line ends."""
    return '^"' in text or re.search(r"\^\r?\n", text) is not None


def split_cmd(text: str) -> Split:
    """Splits one command off the begin of a text, as Windows' cmd and its programs do.

    Raises:
        ShellSyntaxError: It goes on with an operator, or a quote is not closed.
    """
    line, length = _cmd_line(text)
    words: list[str] = []
    word: str | None = None
    quoted, at = False, 0
    while at < len(line):
        slashes = len(line) - at - len(line[at:].lstrip("\\"))
        if slashes and line[at + slashes : at + slashes + 1] == '"':
            word = (word or "") + "\\" * (slashes // 2) + ('"' if slashes % 2 else "")
            at += slashes + slashes % 2
            continue
        character = line[at]
        at += 1
        if character == '"':
            word = word or ""
            if quoted and line[at : at + 1] == '"':
                word, at = word + '"', at + 1
            else:
                quoted = not quoted
        elif character in " \t" and not quoted:
            words += [word] if word is not None else []
            word = None
        else:
            word = (word or "") + character
    if quoted:
        raise ShellSyntaxError('"', "has a quote that is not closed.")
    return Split((*words, word) if word is not None else tuple(words), length)


def _cmd_line(text: str) -> tuple[str, int]:
    """Takes the carets off one command and finds its end."""
    read, at, quoted = [], 0, False
    while at < len(text):
        caret = _CARET.match(text, at) if not quoted else None
        if caret:
            read.append(caret[2] or ("\n" if caret[1] else ""))
            at = caret.end()
            continue
        character = text[at]
        if character == "\n":
            return "".join(read), at + 1
        if character == "&" and not quoted and not text[at + 1 :].partition("\n")[0].strip():
            at += 1
            continue
        if character in "&|<>" and not quoted:
            raise ShellSyntaxError(character, f"goes on with “{character}”: only the command itself is taken.")
        quoted ^= character == '"'
        read.append(character if character != "\r" else "")
        at += 1
    return "".join(read), at

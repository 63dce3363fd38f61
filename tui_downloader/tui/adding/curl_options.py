"""curl's options, by what they mean for a download.

Owns the tables. Must never hold how a value is read: `curl` does that.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FIELDS = {"-A": "User-Agent", "--user-agent": "User-Agent", "-e": "Referer", "--referer": "Referer"}
"""Options that are a field of their own."""
_PROXIES = "proxies come from the environment"
_SENDS = "sends something to the server"
REFUSED = {
    **dict.fromkeys(
        ("-d", "--data", "--data-raw", "--data-binary", "--data-ascii", "--data-urlencode", "--json"), _SENDS
    ),
    **dict.fromkeys(("-F", "--form", "--form-string", "-T", "--upload-file", "--url-query"), _SENDS),
    **dict.fromkeys(("-r", "--range"), "asks for a part of the file"),
    **dict.fromkeys(("-K", "--config"), "reads its options from a file"),
    **dict.fromkeys(("-E", "--cert", "--key"), "needs a certificate of your own"),
}
"""Options with a value that ask for something else than a whole file with GET."""
REFUSED_FLAGS = {
    **dict.fromkeys(("-I", "--head"), "asks for the header only"),
    **dict.fromkeys(("-G", "--get"), _SENDS),
    **dict.fromkeys(("-:", "--next"), "is several commands in one"),
}
"""The same, without a value."""
LEFT_OUT = {
    **dict.fromkeys(("-k", "--insecure"), "certificates are checked"),
    "--location-trusted": "a login stays with its server",
}
"""Flags that are not followed, and what happens instead."""
LEFT_OUT_WITH_VALUE = {
    **dict.fromkeys(("-x", "--proxy", "--preproxy", "--socks5", "--socks5-hostname"), _PROXIES),
    **dict.fromkeys(("--resolve", "--connect-to"), "names are looked up as usual"),
    "--cacert": "certificates are checked against the system’s",
}
"""The same, of options with a value."""
FLAGS = _words(
    "-s --silent -S --show-error -L --location -g --globoff -v --verbose -i --include -O --remote-name -J "
    "--remote-header-name -f --fail --fail-with-body -# --progress-bar -0 --http1.0 --http1.1 --http2 "
    "--http2-prior-knowledge --http3 -4 --ipv4 -6 --ipv6 -N --no-buffer -R --remote-time -q --disable -n --netrc "
    "--compressed --path-as-is --ssl-no-revoke --tlsv1.0 --tlsv1.1 --tlsv1.2 --tlsv1.3 -1 --tlsv1 --create-dirs "
    "--no-keepalive --tcp-nodelay -Z --parallel --no-progress-meter --remote-name-all --raw -j --basic --anyauth "
    "--retry-all-errors --retry-connrefused --ssl-reqd --tr-encoding --no-alpn --styled-output"
)
"""Flags that say nothing about a download, or what is done anyway."""
VALUES = _words(
    "-m --max-time --connect-timeout --retry --retry-delay --retry-max-time --max-redirs -w --write-out -D "
    "--dump-header -c --cookie-jar --output-dir -y --speed-time -Y --speed-limit -z --time-cond -C --continue-at "
    "--interface --ciphers --tls-max --keepalive-time --stderr --trace --max-filesize --capath --curves "
    "--dns-servers --parallel-max --http2-settings"
)
"""Options with a value that say nothing about a download."""
OWN = _words(
    "host range if-range accept-encoding connection content-length content-type transfer-encoding te trailer "
    "upgrade keep-alive proxy-authorization proxy-connection if-none-match if-modified-since "
    "if-match if-unmodified-since expect"
)
"""Fields that the engine writes itself, or that would bring an answer without a file."""
TAKEN = _words("--url -X --request -H --header -b --cookie -u --user -o --output --limit-rate")
"""Options with a value that are read one by one."""
WITH_VALUE = VALUES | TAKEN | FIELDS.keys() | REFUSED.keys() | LEFT_OUT_WITH_VALUE.keys()
"""Every option that the next word belongs to."""
WITHOUT_VALUE = FLAGS | LEFT_OUT.keys() | REFUSED_FLAGS.keys()
"""Every option that stands alone."""

"""Secrets recognised by the place they stand in: an address, an argument of a call, an option of a command, a column of an INSERT."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...sieve import Sieve
from . import values

_QUOTE = r"(?:[rbu]{1,2}(?=[\"']))?(?P<q>\\?[\"'`])(?P<v>(?:(?!(?P=q))(?:\\.|[^\n\\])){1,300})(?P=q)"
_ARGUMENT = r"(?:[^,()\"'`\n]{1,80}|\"[^\"\n]{0,80}\"|'[^'\n]{0,80}')"
_ENDED = r"(?:\.\w{1,16}\(\))?\s{0,20},?\s{0,20}[),]"
_BARE = r"[\"']?(?P<v>[^\s\"'<>|;&`{}()-][^\s\"'<>|;`]{2,200})"
_SECRET = r"\w{0,30}(?:password|passwd|passphrase|pwd|secret|token|api_?key|private_?key)\w{0,10}"

_GATES: dict[str, tuple[str, ...]] = {
    "CALL": tuple(["auth", "login(", "hmac", "jwt", "crypt", "hash", "signer(", "signwith(", "signin(", "sign_in(", "serializer(", "cookieparser(", "fernet(", "keyfor(", "keyspec(", "mysql", "pdo(", "connect(", "connection(", "credential(", "password(", "create_user(", "createuser("]),
    "LOGIN": (" -u", " -a", "\"-u", "'-u", "\"-a", "'-a", "--user", "--auth", "--proxy-user"),
    "OPTION": (" -", "\"-", "'-"),
}  # fmt: skip
"""What stands in every text that one of many rules can match: looked for once."""

_RULES: tuple[tuple[str, tuple[frozenset[str], ...], bool, re.Pattern[str]], ...] = tuple(
    (kind, tuple(frozenset(_GATES.get(group.strip()) or group.split()) for group in reversed(triggers.split("+"))), strong, re.compile(pattern))
    for kind, triggers, strong, pattern in (
        # addresses: user:password@host to the last @ before the path; a token in place of the user
        ("password", ":// + @", True, r"://(?<=[a-z]://)[^\s:/@\"'\\<>\[`,]{0,100}:(?:\[REDACTED:password\]@)?(?P<v>[^\s/\"'\\<>`,:\[\]]{1,100})@(?=[\w\[$<{])"),
        ("token", ":// + @", False, r"://(?<=[ps]://)(?P<v>[\w.~+-]{8,255})(?::[^\s/\"'\\<>`]{0,100})?@(?=[\w\[])"),
        ("token", "sig= signature=", False, r"(?i)[?&;](?:sig|x-amz-signature|signature)=(?P<v>[^\s&\"'`<>#{}$]{16,300})"),
        ("password", "jdbc:oracle", True, r"(?i)jdbc:oracle:\w{2,5}:\w{1,40}/(?P<v>[^\s@\"'/{}$]{3,100})@"),
        # calls: the key a token is signed with, the second of user and password, what is hashed or set
        ("secret", "CALL + jwt", False, rf"(?i)(?:jwt\w{{0,8}}|jsonwebtoken|JWT)(?:\.|::|->)(?:sign|verify|encode|decode)\w{{0,6}}\([^;]{{1,200}}?,\s{{0,40}}{_QUOTE}{_ENDED}"),
        ("secret", "CALL + hmac + (", True, rf"(?i)hmac\w{{0,12}}\(\s{{0,8}}[\"']?(?:sha|md5)[\w/-]{{1,8}}[\"']?\s{{0,8}},\s{{0,8}}{_QUOTE}{_ENDED}"),
        ("secret", "CALL + hmac fernet( signer( serializer( cookieparser( shakeyfor( keyspec(", True,
         rf"(?i)(?:hmac\.new|hmac(?:256|384|512)|fernet|(?:timestamp)?signer|(?:timed)?serializer|cookieparser|hmacshakeyfor|secretkeyspec)\(\s{{0,8}}{_QUOTE}{_ENDED}"),
        ("secret", "CALL + signwith(", True, rf"(?i)\.signwith\({_ARGUMENT},\s{{0,8}}{_QUOTE}{_ENDED}"),
        ("password", "CALL + auth networkcredential credentials( passwordauth + basic http_ httpd networkcredential passwordauth usernamepassword set_auth setauth", True,
         rf"(?i)(?:basic_?auth\w{{0,12}}|httpbasicauth|httpdigestauth|networkcredential|passwordauthentication(?:token)?|usernamepasswordcredentials?|set_?auth)"
         rf"(?:[=(]{{1,2}}\s{{0,20}}|[ ]){_ARGUMENT},\s{{0,20}}{_QUOTE}{_ENDED}"),
        ("password", "CALL + plainauth(", True, rf"(?i)plainauth\({_ARGUMENT},\s{{0,8}}{_ARGUMENT},\s{{0,8}}{_QUOTE}\s{{0,8}},"),
        ("password", "CALL + auth auth( authenticate( login( signin( sign_in( create_user( createuser( auth: auth=", False, rf"(?i)(?<![a-z])(?:auth|log_?in|authenticate|sign_?in|create_?user)\s?=?\s?[(\[]\s{{0,20}}(?:{_ARGUMENT},\s{{0,20}}){{1,2}}?{_QUOTE}\s{{0,8}},?\s{{0,8}}[)\]]"),
        ("password", "CALL + getconnection( mysqli( pdo( connect(", True,
         rf"(?i)(?:getconnection|mysqli(?:_connect)?|pdo|mysql_p?connect|(?:mysql\w{{0,10}}|db|psycopg2?)\.connect)\({_ARGUMENT},\s{{0,8}}{_ARGUMENT},\s{{0,8}}{_QUOTE}{_ENDED}"),
        ("password", "CALL + password_hash( make_password( crypt( hashpw( password( bcrypt.", True,
         rf"(?i)(?:bcrypt\.(?:hash|hashpw|compare|generate\w{{0,12}})\w{{0,5}}|generate_password_hash|make_password|hashpw|\bcrypt|= ?password)\(\s{{0,8}}(?:\[\]byte\()?{_QUOTE}\)?{_ENDED}"),
        ("password", "identified", True, r"(?i)identified\s{1,8}(?:with\s{1,8}\S{1,40}\s{1,8})?(?:by|as)\s{1,8}(?:password\s{1,8})?(?P<q>[\"'])(?P<v>[^\"'\n]{3,200})(?P=q)"),
        ("token", "authorization", False, r"(?i)authorization[\"']?\]?\s{0,8}[:=,]\s{0,8}[\"'`](?:token|bearer|api-?key|digest)\s{1,4}(?P<v>[^\s\"'`<>{}$]{8,300})"),
        ("password", "auth( \"auth\"", False, rf"(?i)(?:[.:>]auth\(\s{{0,8}}|\"auth\"\s{{0,8}}:\s{{0,8}}){_QUOTE}"),
        ("password", "-asplaintext", True, rf"(?i)convertto-securestring\s{{1,8}}(?:-string\s{{1,8}})?{_QUOTE}"),
        ("password", "requirepass masterauth auth-pass", True, r"(?m)^[ \t]{0,20}(?:requirepass|masterauth|sentinel auth-pass \S{1,60})[ \t]{1,8}[\"']?(?P<v>[^\s\"']{3,300})"),
        # the default of a field that is named after it
        ("password", "default", True, rf"(?i)default(?:_?value)?[\"']?\s{{0,4}}[:=(]\s{{0,4}}\(?(?:[\"'](?=['\"]))?{_QUOTE}[^\n;\"'`]{{0,60}}\n?[ \t]{{0,40}}(?:(?:[a-z&<>?]{{1,20}}|@\w{{1,20}}\(\))\s{{1,40}}){{0,4}}{_SECRET}\s{{0,4}}[!?]?\s{{0,4}}[:;={{]"),
        # options of commands
        ("password", "OPTION + mysql mariadb + -p", True, rf"(?:mysql|mariadb)[\w-]{{0,12}}(?:[\"',]{{0,3}}[ \t]{{1,4}}[^\n|;]{{0,150}}?)?[\s\"']-p{_BARE}"),
        ("password", "OPTION + curl http wget xh + LOGIN", True, rf"(?:curl|https?|wget|xh)[ \t][^\n|;]{{0,200}}?(?<=[\s\"'])(?:-u|--user|-a|--auth|--proxy-user)[= \t\"',]{{0,5}}[^\s:\"'/-][^\s:\"'/]{{0,60}}:{_BARE}"),
        ("password", "OPTION + curl + -u --user", False, r"curl[ \t][^\n|;]{0,200}?[ \t](?:-u|--user)[= \t\"']{0,4}(?P<v>[^\s:\"'$]{12,200}):[\"'\s]"),
        ("password", "OPTION + -p -a -w + sshpass redis-cli login mongo sqlcmd zip twine ldap", True,
         rf"(?:sshpass|redis-cli|(?:docker|podman|helm|oc|az|twine|registry)[^\n|;]{{0,40}}(?:login|upload)|mongo(?:sh|dump|restore)?|sqlcmd|zip|ldap\w{{1,10}})[\"']?[ \t,][^\n|;]{{0,150}}?(?<=[\s\"'])-[pPaw][\"', \t]{{0,4}}{_BARE}"),
        ("password", "rabbitmqctl", True, rf"rabbitmqctl[ \t]{{1,4}}(?:add_user|change_password)[ \t]{{1,4}}\S{{1,60}}[ \t]{{1,4}}{_BARE}"),
        ("password", "chpasswd", True, r"echo[ \t]{1,4}[\"']?[\w.-]{1,40}:(?P<v>[^\s\"'|]{3,100})[\"']?[ \t]{0,4}\|[ \t]{0,4}(?:sudo )?chpasswd"),
        ("password", "OPTION + pass: + -pass -k", True, r"(?:-passin|-passout|-pass|-k)[ \t\"',]{1,5}pass:(?P<v>[^\s\"'$]{3,100})"),
        ("password", "OPTION + htpasswd", True, rf"htpasswd[ \t]{{1,4}}-\w{{0,6}}b\w{{0,6}}[ \t]{{1,4}}(?:\S{{1,80}}[ \t]{{1,4}}){{1,2}}{_BARE}"),
    )
)  # fmt: skip
"""Kind, triggers (of every group one stands in the text in lower case), whether the place means a secret always, and pattern.

Every repeat is bounded, so the time a rule takes at one place is, and it grows with the length of the text.
"""

_SIEVE = Sieve(mark for _, triggers, _, _ in _RULES for group in triggers for mark in group)
_BY_MARK: dict[str, list[int]] = {}
"""Mark → the rules that can match only where it, or another of its group, stands."""
for _at, _rule in enumerate(_RULES):
    for _mark in next((group for group in _rule[1] if not group & _SIEVE.bare), ()):
        _BY_MARK.setdefault(_mark, []).append(_at)
_ANYWHERE = set(range(len(_RULES))).difference(*_BY_MARK.values())
"""The rules whose marks hold no word."""
_SCALAR = re.compile(
    rf"(?i){_SECRET}[\"']?:[ \t]{{0,8}}[|>][+-]?[ \t]{{0,8}}\r?\n[ \t]{{1,60}}(?P<v>[^\s|>]\S{{3,300}})[ \t]{{0,8}}(?=\n|\r|\Z)"
)
"""A value on the line after its name, as YAML folds it."""
_SCALAR_LINE = re.compile(r":[ \t]{0,8}[|>][+-]?[ \t]{0,8}\r?\n")
_INSERT = re.compile(
    r"(?i)\binsert\s{1,20}(?:or\s{1,8}\w{1,10}\s{1,8}|ignore\s{1,8})?into\s{1,20}[^\s(]{1,120}\s{0,20}\(([^()]{1,2000})\)\s{0,40}values\s{0,40}(?=\()"
)
_ITEM = re.compile(
    r"\s*((?:[eEnN]?'(?:[^'\\]|''|\\.)*+'|[^,()';]|\((?:[^()';]|'(?:[^'\\]|''|\\.)*+')*+\))*+)\s*([,)]?)"
)
_ROW = re.compile(r"\s{0,40},\s{0,40}(?=\()")
_COLUMN = re.compile(rf"(?i){_SECRET}|pass")
_QUOTED_ITEM = re.compile(r"[eEnN]?'((?:[^'\\]|''|\\.)*+)'")
_KUBERNETES = re.compile(r"(?m)^kind:[ \t]{0,8}Secret[ \t]{0,8}$")
_BLOCK = re.compile(r"(?m)^(?:data|stringData):[ \t]{0,8}\n((?:[ \t]{1,40}\S[^\n]{0,2000}(?:\n|\Z)){1,200})")
_ENTRY = re.compile(r"(?m)^[ \t]{1,40}[\"']?[\w.-]{1,80}[\"']?:[ \t]{1,8}[\"']?([^\s\"'|>{][^\s\"']{2,2000})")


def spans(text: str, folded: str, settings: bool) -> Iterator[tuple[int, int, str]]:
    """Where a secret begins, where it ends, and what it is.

    Args:
        text: code or configuration.
        folded: the same in lower case, character by character.
        settings: whether a value may stand without quotes.
    """
    likely = set().union(_ANYWHERE, *(_BY_MARK.get(mark, ()) for mark in _SIEVE.of(folded, folded)))
    for kind, triggers, strong, pattern in (_RULES[at] for at in sorted(likely)):
        if all(any(mark in folded for mark in group) for group in triggers):
            for found in pattern.finditer(text):
                if values.is_secret(found["v"], "", strong):
                    yield found.start("v"), found.end("v"), kind
    if "insert" in folded:
        yield from _inserted(text)
    if settings:
        for sign in _SCALAR_LINE.finditer(text):
            line = text.rfind("\n", max(0, sign.start() - 100), sign.start()) + 1
            below = _SCALAR.search(text, max(line, sign.start() - 60), sign.end() + 400)
            if below and values.is_secret(below["v"], "", strong=False):
                yield below.start("v"), below.end("v"), "secret"
    if settings and "kind: secret" in folded and _KUBERNETES.search(text):
        for block in _BLOCK.finditer(text):
            for entry in _ENTRY.finditer(text, block.start(1), block.end(1)):
                if values.is_secret(entry[1], "", strong=True):
                    yield entry.start(1), entry.end(1), "secret"


def _inserted(text: str) -> Iterator[tuple[int, int, str]]:
    """The quoted values of an INSERT that stand where its list of columns names a secret."""
    done = 0
    for found in _INSERT.finditer(text):
        wanted = {at for at, name in enumerate(found[1].split(",")) if _COLUMN.fullmatch(name.strip(' \t\r\n"`[]'))}
        place = found.end()
        while wanted and place >= done and text[place : place + 1] == "(":
            place, column, sign = place + 1, 0, ","
            while sign == ",":
                item = _ITEM.match(text, place)
                if item is None:
                    break
                held = _QUOTED_ITEM.match(text, item.start(1))
                if column in wanted and held and values.is_secret(held[1], "", strong=True):
                    yield held.start(1), held.end(1), "password"
                place, column, sign = item.end(), column + 1, item[2]
            row = _ROW.match(text, place)
            done, place = place, row.end() if row else place + 1

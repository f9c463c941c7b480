"""Draws labels against answers, so that a person sees at a glance what is taken for what."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from integrations.runtime.errors import BadInput

_KINDS: Final = (".svg", ".png")
_NUMBERED: Final = 30  # classes; beyond, numbers in cells cannot be read


def draw_confusion(confusion: Mapping[str, Mapping[str, int]], target: Path) -> None:
    """Write a picture: a row per label, a column per answer, dark where many texts are."""
    if target.suffix.lower() not in _KINDS:
        raise BadInput(
            f"{target.name} is no picture.", hint="give --picture a name that ends in .svg or .png."
        )
    # matplotlib takes a second to load, and few commands draw.
    import matplotlib as mpl  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    labels = sorted(confusion)
    answers = sorted({*labels, *(answer for row in confusion.values() for answer in row)})
    shares = [
        [confusion[label].get(answer, 0) / sum(confusion[label].values()) for answer in answers]
        for label in labels
    ]
    size = max(4.0, 0.4 * len(answers) + 1.5)
    with mpl.rc_context({"svg.hashsalt": "riskdesk", "svg.fonttype": "none"}):
        figure = Figure(figsize=(size, max(3.5, 0.4 * len(labels) + 1.5)), layout="constrained")
        axes = figure.add_subplot()
        axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
        axes.set_xticks(
            range(len(answers)), answers, rotation=90 if len(answers) > _NUMBERED else 0
        )
        axes.set_yticks(range(len(labels)), labels)
        axes.set_xlabel("answer")
        axes.set_ylabel("label")
        axes.set_title("Labels against answers (shade: share of the label)", fontsize=10)
        if len(answers) <= _NUMBERED:
            for y, label in enumerate(labels):
                for x, answer in enumerate(answers):
                    if texts := confusion[label].get(answer):
                        color = "white" if shares[y][x] > 0.5 else "black"  # noqa: PLR2004
                        axes.text(x, y, str(texts), ha="center", va="center", color=color)
        try:
            figure.savefig(
                target, dpi=150, metadata={"Date": None} if target.suffix == ".svg" else {}
            )
        except OSError as error:
            raise BadInput(
                f"{target} cannot be written: {error.strerror}.", hint="give a path of yours."
            ) from None

"""Shows the figures of an evaluation as tables."""

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from automations.triage.evaluation.figures import Figures, Recall, Scores

_WIDEST = 20  # classes; a wider confusion table is read by nobody: see --picture and --json
_PAIRS_SHOWN = 15


def show_figures(console: Console, found: Figures) -> None:
    """Print accuracy by language, classes, and the confusion table."""
    console.print(_scores_table(found))
    if found.safety_texts:
        console.print(
            f"Theft, fraud and freeze: {found.safety_recall:.1%} of {found.safety_texts} found, "
            f"{found.safety_kept:.1%} kept among the three."
        )
    if found.ambiguous_texts:
        console.print(
            f"Abstained on {found.ambiguous_abstained:.1%} of {found.ambiguous_texts} ambiguous "
            f"texts, and wrongly on {found.wrongly_abstained} clear ones."
        )
    console.print(_classes_table(found.classes))
    console.print(_confusion_table(found))


def show_learnt(console: Console, found: Figures) -> None:
    """Print what left-out texts say about a model: figures, the worst classes, confusions."""
    console.print(_scores_table(found))
    worst = sorted(found.classes, key=lambda name: found.classes[name].recall)[:_PAIRS_SHOWN]
    console.print(_classes_table({name: found.classes[name] for name in worst}))
    console.print(_confusion_table(found))


def _scores_table(found: Figures) -> Table:
    columns: dict[str, Scores] = {"all": found.overall}
    if len(found.by_language) > 1:
        columns |= found.by_language
    table = Table("", *columns)
    table.add_row("texts", *(str(each.texts) for each in columns.values()))
    for title, name in (
        ("accuracy, the label itself", "strict"),
        ("accuracy, also accepted labels", "lenient"),
        ("macro F1", "macro_f1"),
        ("abstained", "abstained"),
        ("calibration error", "calibration_error"),
        ("accuracy on the surest 80 %", "accuracy_at_coverage"),
    ):
        table.add_row(title, *(f"{getattr(each, name):.1%}" for each in columns.values()))
    return table


def _classes_table(classes: Mapping[str, Recall]) -> Table:
    table = Table("label", "texts", "recall", "precision", "F1")
    for name, each in classes.items():
        shares = (f"{share:.0%}" for share in (each.recall, each.precision, each.f1))
        table.add_row(name, str(each.texts), *shares)
    return table


def _confusion_table(found: Figures) -> Table:
    """Return labels against answers, or the most frequent confusions where there are many."""
    answers = sorted({answer for row in found.confusion.values() for answer in row})
    if max(len(answers), len(found.confusion)) <= _WIDEST:
        table = Table("label ↓ answer →", *answers)
        for label, row in found.confusion.items():
            table.add_row(label, *(str(row.get(answer, "")) for answer in answers))
        return table
    table = Table("label", "answer", "texts", title="Most frequent confusions")
    pairs = [
        (texts, label, answer)
        for label, row in found.confusion.items()
        for answer, texts in row.items()
        if answer != label
    ]
    for texts, label, answer in sorted(pairs, key=lambda pair: (-pair[0], pair))[:_PAIRS_SHOWN]:
        table.add_row(label, answer, str(texts))
    return table

"""Measures and colours of the picture: dark enough to be read on white, told apart in print too."""

WIDTH, MARGIN = 1280, 24
LEFT, RIGHT = 256, 1056  # the line of time lies between them
SIDE = RIGHT + 16  # how each clock stands is written from there on
TOP = 142  # where the rows begin
BAND, SLIM, CLOCK, QUIET_CLOCK = 34, 26, 52, 24  # heights of rows
BAR = 16

STATUS = {
    "new": "#f59e0b",
    "open": "#d9480f",
    "pending": "#3b82f6",
    "hold": "#475569",
    "solved": "#7c9885",
    "closed": "#b4bcc8",
    "deleted": "#b4bcc8",
}
OTHER_STATUS = "#94a3b8"
INK, QUIET, FAINT = "#0f172a", "#55606f", "#8a94a3"
GREEN, RED, BLUE = "#15803d", "#c81e1e", "#1d4ed8"

FONTS = (
    "'Inter','Segoe UI','Helvetica Neue',Arial,'DejaVu Sans','Noto Sans CJK SC',"
    "'PingFang SC','Microsoft YaHei',sans-serif"
)
STYLE = f"""
text{{font-family:{FONTS};fill:{INK}}}
.title{{font-size:21px;font-weight:700}}
.told{{font-size:12.5px;fill:{QUIET}}}
.section{{font-size:10.5px;font-weight:700;fill:{FAINT};letter-spacing:.08em}}
.name{{font-size:13px;font-weight:600}}
.quietname{{font-size:12px;fill:{QUIET}}}
.small{{font-size:11px;fill:{QUIET}}}
.day{{font-size:11.5px;font-weight:600}}
.hour{{font-size:10.5px;fill:{QUIET}}}
.now{{font-size:10.5px;font-weight:700;fill:{BLUE}}}
.good{{font-size:12.5px;font-weight:600;fill:{GREEN}}}
.bad{{font-size:12.5px;font-weight:600;fill:{RED}}}
.open{{font-size:12.5px;font-weight:600;fill:{INK}}}
.inband{{font-size:11.5px;font-weight:600;fill:#fff}}
.inpale{{font-size:11.5px;font-weight:600;fill:{INK}}}
.sentence{{font-size:12px}}
.paper{{fill:#fff}}
.closed{{fill:#64748b;fill-opacity:.17}}
.pale{{fill:#e8edf3}}
.grid{{stroke:#d5dbe3;stroke-width:1}}
.midnight{{stroke:#c3cbd6;stroke-width:1;stroke-dasharray:2 3}}
.nowline{{stroke:{BLUE};stroke-width:1.5}}
.rule{{stroke:#e2e7ee;stroke-width:1}}
.running{{fill:#2a9d63}}
.late{{fill:{RED}}}
.paused{{fill:url(#paused);stroke:#8fa3bd;stroke-width:.8}}
.solved{{fill:none;stroke:#9aa6b5;stroke-width:1.2;stroke-dasharray:1.5 3}}
.ahead{{fill:#fff;fill-opacity:.7;stroke:#2a9d63;stroke-width:1.2;stroke-dasharray:4 3}}
.untargeted{{fill:#a3adba}}
.customer{{fill:{BLUE}}}
.staff{{fill:#15803d}}
.note{{fill:#fff;stroke:#64748b;stroke-width:1.6}}
.breach{{fill:{RED};stroke:#fff;stroke-width:1.4}}
.kept{{fill:#15803d;stroke:#fff;stroke-width:1.4}}
.duemark{{fill:none;stroke:{INK};stroke-width:1.6}}
.changed{{fill:#7c3aed;stroke:#fff;stroke-width:1}}
.sign{{fill:none;stroke:#fff;stroke-width:1.7;stroke-linecap:round}}
"""
HATCH = (
    '<defs><pattern id="paused" width="6" height="6" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect width="6" height="6" fill="#eaf0f7"/>'
    '<rect width="2" height="6" fill="#b6c5d8"/></pattern></defs>'
)

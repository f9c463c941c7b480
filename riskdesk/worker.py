"""The Celery application for `celery -A riskdesk.worker worker` and `… beat`."""

from celery import Celery

from integrations.runtime.logs import configure_logs
from integrations.runtime.settings import load_settings
from riskdesk.desk import build_desk


def _build() -> Celery:
    settings = load_settings()
    configure_logs(settings)
    return build_desk(settings).celery


app = _build()  # celery looks for this name when it imports the module

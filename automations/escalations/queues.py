"""The departments that own complaints, and how soon each must answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

SEVERITIES = ("S1", "S2", "S3", "S4")

# The desk's own promise for the first human answer, round the clock.
DESK_TIMES: Mapping[str, timedelta] = {
    "S1": timedelta(minutes=15),
    "S2": timedelta(hours=1),
    "S3": timedelta(hours=8),
    "S4": timedelta(hours=24),
}
# Departments that read files and law, not live systems: the urgent times stay, the calm ones grow.
CASEWORK_TIMES: Mapping[str, timedelta] = {
    **DESK_TIMES,
    "S3": timedelta(hours=24),
    "S4": timedelta(hours=48),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """One department: its names, its group in Zendesk and its answer times by severity."""

    code: str
    name_en: str
    name_zh: str
    answer_times: Mapping[str, timedelta] = field(default_factory=lambda: DESK_TIMES)
    restricted: bool = False  # the case is not for the eyes of every agent

    @property
    def group_name(self) -> str:
        """Return the name of the department's group in Zendesk."""
        return self.name_en

    @property
    def tag(self) -> str:
        """Return the tag that marks a ticket of this queue."""
        return f"risk_queue_{self.code.lower()}"


QUEUES: dict[str, Queue] = {
    queue.code: queue
    for queue in (
        Queue(code="RC", name_en="Risk Control", name_zh="风控"),
        Queue(code="SEC", name_en="Account Security", name_zh="账户安全"),
        Queue(code="P2P", name_en="P2P Operations", name_zh="P2P 商家运营"),
        Queue(code="PAY", name_en="Payments", name_zh="支付与钱包运营"),
        Queue(code="TEC", name_en="Engineering", name_zh="技术"),
        Queue(code="CS", name_en="Customer Service", name_zh="客户服务"),
        Queue(code="CMP", name_en="Compliance", name_zh="合规", answer_times=CASEWORK_TIMES),
        Queue(code="LGL", name_en="Legal", name_zh="法务", answer_times=CASEWORK_TIMES),
        Queue(
            code="DPO", name_en="Data Protection", name_zh="数据保护", answer_times=CASEWORK_TIMES
        ),
        Queue(
            code="IA",
            name_en="Internal Audit",
            name_zh="内部审计",
            answer_times=CASEWORK_TIMES,
            restricted=True,
        ),
    )
}

"""The blanks a macro may have: a fixed vocabulary, each with the words an agent reads."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Blank:
    """One value that a macro may need, with its label in both languages."""

    name: str
    en: str
    zh: str

    def label(self, language: str) -> str:
        """Return what the blank is called in that language."""
        return self.zh if language == "zh" else self.en

    def mark(self, language: str) -> str:
        """Return what stands in the draft until somebody fills the blank."""
        label = self.label(language)
        return f"【请填写：{label}】" if language == "zh" else f"[[fill in: {label}]]"


BLANKS: dict[str, Blank] = {
    blank.name: blank
    for blank in (
        Blank("customer_name", "customer's name", "客户称呼"),
        Blank("ticket_id", "ticket number", "工单编号"),
        Blank("next_update", "time of our next message", "下次回复时间"),
        Blank("uid", "account UID", "账户 UID"),
        Blank("txid", "transaction ID", "交易哈希"),
        Blank("address", "wallet address", "钱包地址"),
        Blank("amount", "amount and currency", "金额与币种"),
        Blank("order_id", "order number", "订单号"),
        Blank("event_time", "time of the event", "事件发生时间"),
        Blank("restriction_id", "restriction number", "限制编号"),
        Blank("ends_at", "time when it ends", "结束时间"),
        Blank("bank_name", "bank", "银行名称"),
        Blank("authority", "authority and its contact", "执行机关及其联系方式"),
        Blank("documents", "documents to send", "需提交的材料"),
    )
}

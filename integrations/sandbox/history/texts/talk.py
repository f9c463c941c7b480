"""Sentences of customers and agents in the course of a ticket, in English and Chinese."""

from collections.abc import Mapping

Sentences = Mapping[str, tuple[str, ...]]

OPENERS: Sentences = {
    "en": ("", "", "Hello,\n\n", "Dear team,\n\n", "Hi,\n\n", "Good morning,\n\n"),
    "zh": ("", "", "你好，\n\n", "客服您好，\n\n", "在吗？\n\n"),
}
PLEAS: Sentences = {
    "en": (
        "",
        "",
        "\n\nPlease answer soon.",
        "\n\nI have been a customer for three years.",
        "\n\nThanks in advance",
        "\n\nI can send screenshots if that helps.",
        "\n\nMy phone is switched on all day.",
    ),
    "zh": (
        "",
        "",
        "\n\n请尽快回复。",
        "\n\n我是老用户了，希望重视。",
        "\n\n谢谢！",
        "\n\n需要截图我可以提供。",
        "\n\n电话随时可以联系。",
    ),
}
REPLIES: Sentences = {
    "en": (
        "Thank you for writing to us. We are looking into it and come back to you today.",
        "We have protected the account for now. Please do not share codes with anybody.",
        "Please send us the order number and a screenshot of the payment.",
        "We have passed this to the colleagues who decide about it. It usually takes one working "
        "day.",
        "We are sorry for the trouble. Could you tell us when you noticed it for the first time?",
        "For your safety we first have to be sure that it is you: please follow the steps in the "
        "message of the app.",
        "The transaction has been found. We are waiting for the next confirmations.",
    ),
    "zh": (
        "感谢您的反馈，我们正在核查，今天内给您答复。",
        "我们已对账户采取保护措施，请勿向任何人透露验证码。",
        "请提供订单号和付款截图。",
        "已转交相关部门审核，一般需要一个工作日。",
        "给您带来不便非常抱歉，请问您是什么时候发现的？",
        "为了您的资金安全，请先按照App内的提示完成身份验证。",
        "已查到该笔交易，正在等待区块确认。",
    ),
}
FOLLOW_UPS: Sentences = {
    "en": (
        "Any news?",
        "Here is what you asked for.",
        "I am still waiting. This is urgent.",
        "I noticed it around eight in the morning, and nobody else uses this phone.",
        "I did all the steps, it says that the check is complete.",
        "The receipt is from my bank, you can call them.",
        "That is not an answer to my question.",
    ),
    "zh": (
        "有进展吗？",
        "资料已补充，请查收。",
        "还在等，请尽快处理。",
        "大概早上八点发现的，手机只有我一个人用。",
        "已经按步骤操作完成了。",
        "这是银行的回单，可以核实。",
        "你们没有回答我的问题。",
    ),
}
REMINDERS: Sentences = {
    "en": (
        "We have not heard from you. Please answer so that we can go on.",
        "To finish this we still need your answer to our last message.",
    ),
    "zh": (
        "还没有收到您的回复，请补充信息以便我们继续处理。",
        "我们仍在等待您对上一条消息的回复。",
    ),
}
CLOSINGS: Sentences = {
    "en": (
        "The matter is settled from our side. Write to us again if anything is open.",
        "The restriction is lifted. Please log in again to see it.",
        "The amount has been credited. Thank you for your patience.",
        "We have explained what we can and cannot do; there is no further step on our side.",
    ),
    "zh": (
        "问题已处理完毕，如有其他问题请再联系我们。",
        "限制已解除，请重新登录查看。",
        "资金已到账，感谢您的耐心等待。",
        "我们已说明可以协助的范围，目前没有进一步的处理步骤。",
    ),
}
REOPENINGS: Sentences = {
    "en": (
        "It is not solved: I still see the same message.",
        "It worked for an hour and now it is locked again.",
        "Why did you close this? I have not agreed.",
    ),
    "zh": ("还没有解决，提示还是一样。", "好了一个小时，又被锁了。", "为什么关闭了？我没有同意。"),
}
DUPLICATES: Sentences = {
    "en": (
        "I wrote an hour ago and nobody has answered, so once again: {subject}. UID {uid}.",
        "Second message about the same matter. UID {uid}. {subject}!",
    ),
    "zh": (
        "刚才已经提交过，没有人回复，再说一次：{subject}，UID {uid}。",
        "同一个问题再次提交：{subject}，UID {uid}！",
    ),
}
NOTES = (
    "Checked the login history, nothing unusual before the event.",
    "Asked the owning department; answer expected within the hour.",
    "The device of the last login is new; the city fits the customer's story.",
    "Balance and order history fit what the customer says.",
    "Called back under the number on file, the customer confirmed the case.",
    "核对了链上记录，与客户描述一致。",
    "已查看登录记录，事发前没有异常。",
    "已联系相关部门，预计一小时内答复。",
)
HOLDING_NOTES = (
    "Waiting for the answer of the bank.",
    "On hold until the other exchange replies to our request.",
    "等待第三方机构回函。",
    "Second review is booked for tomorrow.",
)
HANDOVERS = (
    "Not ours: this belongs to the colleagues of {group}.",
    "Handing over to {group} after the first check.",
    "转交给{group}处理，前期核查已完成。",
)
DUPLICATE_NOTE = "Same customer, same matter as #{number}."
MERGED_IN = 'Request #{number} "{subject}" is about the same matter and was merged into this one.'
MERGED_AWAY = "This request was closed; it goes on in request #{number}."

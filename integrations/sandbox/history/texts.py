"""Sentences from which believable complaints, questions and answers are put together."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Story:
    """One kind of complaint: who owns it, how urgent it is, and what customers write."""

    reason: str
    queue: str
    priority: str
    english: tuple[str, str]  # subject, text
    chinese: tuple[str, str]


STORIES = (
    Story(
        "a1",
        "SEC",
        "urgent",
        (
            "{amount} {asset} left my account, I did not do this",
            "I woke up and {amount} {asset} is gone. My UID is {uid}. The withdrawal has the "
            "transaction id {txid}. I never approved it. Please freeze everything now!",
        ),
        (
            "账户里的{amount} {asset}被人转走了",
            "我的UID是{uid}，今天早上发现{amount} {asset}被提走，交易哈希{txid}，"
            "不是我本人操作，请马上冻结账户！",
        ),
    ),
    Story(
        "a2",
        "SEC",
        "high",
        (
            "Login from a city I have never been to",
            "I got a mail about a login from another country. UID {uid}. I changed my password, "
            "but an API key that I do not know is still there.",
        ),
        (
            "异地登录提醒，不是我本人",
            "收到异地登录的邮件，UID {uid}，我已经改了密码，但还有一个不认识的API密钥。",
        ),
    ),
    Story(
        "b1",
        "RC",
        "high",
        (
            "Investment platform does not pay me back",
            "A friend I met online showed me a platform. I sent {amount} {asset} from UID {uid} in "
            "several parts, the last one {txid}. Now they want a tax before I can withdraw.",
        ),
        (
            "被网友骗去投资平台，提不出来",
            "网上认识的人带我投资，我从UID {uid}分几次转了{amount} {asset}，"
            "最后一笔{txid}，现在对方说要先交税才能提现。",
        ),
    ),
    Story(
        "b3",
        "RC",
        "normal",
        (
            "I entered my code on a false website",
            "A message with your logo led me to a page where I typed my password and a code. "
            "UID {uid}. Nothing is missing yet. What must I do?",
        ),
        (
            "点了钓鱼链接，输入了验证码",
            "收到冒充你们的短信，点进去输入了密码和验证码，UID {uid}，目前资产还在，怎么办？",
        ),
    ),
    Story(
        "c1",
        "RC",
        "normal",
        (
            "My withdrawals are blocked without a reason",
            "Since yesterday I cannot withdraw. UID {uid}. Support only sends standard answers. "
            "I need {amount} {asset} for my rent.",
        ),
        (
            "账户被风控，无法提币",
            "从昨天开始就不能提币，UID {uid}，没有任何说明，我急用{amount} {asset}，请尽快解除。",
        ),
    ),
    Story(
        "c3",
        "CMP",
        "normal",
        (
            "How many more documents do you want?",
            "I sent my payslips and bank statements twice. UID {uid}. The review takes weeks now.",
        ),
        (
            "资金来源审核要多久？",
            "收入证明和银行流水已经提交两次了，UID {uid}，审核还没有结果。",
        ),
    ),
    Story(
        "d1",
        "SEC",
        "normal",
        (
            "Lost my phone, cannot log in",
            "My phone with the authenticator is broken. UID {uid}. Please reset it, I can prove "
            "that it is me.",
        ),
        (
            "手机丢了，验证器用不了",
            "旧手机坏了，谷歌验证器没有备份，UID {uid}，请帮我重置，可以做人脸验证。",
        ),
    ),
    Story(
        "e1",
        "P2P",
        "high",
        (
            "Paid the seller, coins are not released",
            "I paid for {amount} {asset} by bank transfer one hour ago. The seller does not "
            "answer. UID {uid}. I attached the receipt in the order chat.",
        ),
        (
            "已付款，商家不放币",
            "一个小时前转账买{amount} {asset}，商家不回消息也不放币，UID {uid}，"
            "付款凭证在订单聊天里。",
        ),
    ),
    Story(
        "f1",
        "PAY",
        "normal",
        (
            "Deposit is not there",
            "I sent {amount} {asset}, the chain shows it as confirmed: {txid}. UID {uid}. "
            "When will it be credited?",
        ),
        (
            "充值没有到账",
            "充了{amount} {asset}，链上已经确认，哈希{txid}，UID {uid}，什么时候到账？",
        ),
    ),
    Story(
        "f2",
        "PAY",
        "low",
        (
            "Wrong network",
            "I chose the wrong network for {amount} {asset}: {txid}. UID {uid}. Can you get it "
            "back, and what does it cost?",
        ),
        (
            "充错链了",
            "{amount} {asset}充错了网络，哈希{txid}，UID {uid}，能找回吗？手续费多少？",
        ),
    ),
    Story(
        "g4",
        "DPO",
        "normal",
        (
            "Send me all data you hold about me",
            "I want a copy of my personal data and then my account deleted. UID {uid}.",
        ),
        (
            "申请查阅并删除个人信息",
            "请提供你们保存的全部个人信息，然后注销账户，UID {uid}。",
        ),
    ),
    Story(
        "h1",
        "TEC",
        "normal",
        (
            "Liquidated at a price that never existed",
            "My position was closed at a price which no other market showed. UID {uid}. I lost "
            "{amount} {asset}.",
        ),
        (
            "强平价格异常",
            "仓位在一个别的市场都没有的价格被强平，UID {uid}，损失{amount} {asset}，请核查。",
        ),
    ),
    Story(
        "i1",
        "CS",
        "low",
        (
            "Nobody answers",
            "This is my third message. UID {uid}. Does anybody read this?",
        ),
        (
            "一直没有人回复",
            "这是第三次留言了，UID {uid}，到底有没有人处理？",
        ),
    ),
)
REPLIES = {
    "en": (
        "Thank you for writing to us. We are looking into it and come back to you today.",
        "We have protected the account for now. Please do not share codes with anybody.",
        "Please send us the order number and a screenshot of the payment.",
    ),
    "zh": (
        "感谢您的反馈，我们正在核查，今天内给您答复。",
        "我们已对账户采取保护措施，请勿向任何人透露验证码。",
        "请提供订单号和付款截图。",
    ),
}
FOLLOW_UPS = {
    "en": ("Any news?", "Here is what you asked for.", "I am still waiting. This is urgent."),
    "zh": ("有进展吗？", "资料已补充，请查收。", "还在等，请尽快处理。"),
}
CLOSINGS = {
    "en": "The matter is settled from our side. Write to us again if anything is open.",
    "zh": "问题已处理完毕，如有其他问题请再联系我们。",
}
NOTES = (
    "Checked the login history, nothing unusual before the event.",
    "Asked the owning department; answer expected within the hour.",
    "核对了链上记录，与客户描述一致。",
)
NAMES = {
    "en": ("Alex Morgan", "Nadia Petrova", "John Okoro", "Maria Lopez", "Sam Taylor", "Ines Costa"),
    "zh": ("王芳", "李娜", "张伟", "刘洋", "陈静", "杨帆"),
}

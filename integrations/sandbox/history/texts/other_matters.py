"""Legal and privacy requests, service complaints, incidents, and what is no complaint at all."""

from integrations.sandbox.history.texts.story import Story

STORIES = (
    Story(
        "g1",
        "LGL",
        "high",
        2,
        (
            "Request for information of a police office",
            "We investigate a fraud and ask for the records of UID {uid}. The transfer is {txid}. "
            "The signed order follows through your portal.",
        ),
        (
            "公安机关协查函",
            "因办案需要，请提供UID {uid}的相关记录，涉案交易{txid}，正式函件将通过平台提交。",
        ),
    ),
    Story(
        "g2",
        "LGL",
        "high",
        1,
        (
            "Court order about {amount} {asset}",
            "Please find the order of the court about UID {uid}. Confirm that you have received "
            "it.",
        ),
        (
            "法院协助执行通知",
            "涉及UID {uid}的{amount} {asset}，请确认收到法院文书。",
        ),
    ),
    Story(
        "g3",
        "CMP",
        "high",
        1,
        (
            "I have complained to the regulator",
            "As you do not answer, I wrote to the ombudsman. UID {uid}. You will hear from them.",
        ),
        (
            "已向监管部门投诉",
            "多次沟通无果，我已向监管部门投诉，UID {uid}，请尽快处理。",
        ),
    ),
    Story(
        "g4",
        "DPO",
        "normal",
        3,
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
        "g5",
        "LGL",
        "high",
        1,
        (
            "Letter of a lawyer about UID {uid}",
            "I act for the holder of the account and ask you to keep all records and to release "
            "{amount} {asset}.",
        ),
        (
            "律师函：UID {uid}",
            "受当事人委托，要求保全相关记录并返还{amount} {asset}。",
        ),
    ),
    Story(
        "i1",
        "CS",
        "low",
        5,
        (
            "Nobody answers",
            "This is my third message. UID {uid}. Does anybody read this?",
        ),
        (
            "一直没有人回复",
            "这是第三次留言了，UID {uid}，到底有没有人处理？",
        ),
    ),
    Story(
        "i2",
        "CS",
        "normal",
        3,
        (
            "Two agents tell me two different things",
            "One says that the documents are complete, the other one asks for more. UID {uid}.",
        ),
        (
            "两个客服说法不一样",
            "一个说材料齐了，另一个又要补充，UID {uid}，到底听谁的？",
        ),
    ),
    Story(
        "i3",
        "CS",
        "low",
        1,
        (
            "Please answer in my language",
            "I write in English and get answers in Chinese. UID {uid}.",
        ),
        (
            "请用中文回复",
            "我用中文提问，回复都是英文，看不懂，UID {uid}。",
        ),
    ),
    Story(
        "i4",
        "CS",
        "normal",
        1,
        (
            "The agent was rude",
            "I was told that my question is stupid. UID {uid}. Please let somebody else look at "
            "it.",
        ),
        (
            "客服态度恶劣",
            "客服说我的问题没有意义，UID {uid}，请换人处理并给个说法。",
        ),
    ),
    Story(
        "j1",
        "RC",
        "high",
        2,
        (
            "Text messages with a link in your name are going around",
            "All my friends received the same message with a shortened link. I did not click. UID "
            "{uid}.",
        ),
        (
            "大量冒充你们的短信",
            "朋友们都收到同样的短信，带短链接，我没有点，UID {uid}，请注意。",
        ),
    ),
    Story(
        "j3",
        "RC",
        "high",
        1,
        (
            "{amount} {asset} too much in my account",
            "The balance went up tonight and I did nothing. UID {uid}. I do not want trouble.",
        ),
        (
            "账户多了{amount} {asset}",
            "昨晚余额突然增加，我没有操作，UID {uid}，请核实。",
        ),
    ),
    Story(
        "j6",
        "RC",
        "high",
        2,
        (
            "Blocked like everybody in my chat group",
            "Since the update tonight twenty people I know cannot withdraw. UID {uid}.",
        ),
        (
            "群里很多人同时被限制",
            "昨晚更新后群里二十多个人都不能提币，UID {uid}，是不是系统误判？",
        ),
    ),
    Story(
        "n1",
        "CS",
        "low",
        2,
        (
            "Thank you",
            "Your colleague solved my matter within an hour. UID {uid}. Keep it up!",
        ),
        (
            "表扬客服",
            "客服一个小时就帮我解决了，UID {uid}，给个赞！",
        ),
    ),
    Story(
        "n2",
        "CS",
        "low",
        2,
        (
            "Your fees are higher than elsewhere",
            "I pay more for {asset} than on other exchanges. UID {uid}. Is there a discount?",
        ),
        (
            "手续费太高",
            "{asset}手续费比别家高，UID {uid}，有没有优惠？",
        ),
    ),
    Story(
        "n3",
        "CS",
        "low",
        2,
        (
            "Please add a dark mode to the reports",
            "They are too bright at night. UID {uid}.",
        ),
        (
            "建议增加导出功能",
            "希望可以按月导出账单，UID {uid}。",
        ),
    ),
    Story(
        "n5",
        "CS",
        "low",
        4,
        (
            "Where do I find my tax report?",
            "I need last year's trades of UID {uid} for my tax office.",
        ),
        (
            "在哪里下载交易记录？",
            "报税需要去年的交易记录，UID {uid}，在哪里下载？",
        ),
    ),
)
SPAM = (
    Story(
        "x1",
        "CS",
        "low",
        3,
        (
            "Best referral code, 20 % off for ever",
            "Use my code and we both earn. Join the channel now, places are limited.",
        ),
        (
            "邀请码返佣最高20%",
            "用我的邀请码注册，永久返佣，名额有限，加群了解。",
        ),
    ),
    Story(
        "x2",
        "CS",
        "low",
        2,
        (
            "I got all my coins back thanks to a specialist",
            "He recovered {amount} {asset} in two days. Write to him, he answers at once.",
        ),
        (
            "专业追回被骗资金",
            "两天追回{amount} {asset}，成功率高，联系我们的专员。",
        ),
    ),
    Story(
        "x3",
        "CS",
        "low",
        2,
        (
            "Marketing packages for your brand",
            "We place your news on a hundred sites. Ask for our price list.",
        ),
        (
            "品牌推广合作",
            "可在百家媒体发布稿件，欢迎咨询报价。",
        ),
    ),
)

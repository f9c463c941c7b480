"""Complaints about restrictions, lost security items and identity checks."""

from integrations.sandbox.history.texts.story import Story

STORIES = (
    Story(
        "c1",
        "RC",
        "normal",
        9,
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
        "c2",
        "CS",
        "low",
        5,
        (
            "Why must I wait 24 hours after changing my password?",
            "I changed the password and now the withdrawal of {amount} {asset} is locked. UID "
            "{uid}. Can you shorten it?",
        ),
        (
            "改密码后24小时不能提币",
            "改了密码就不能提{amount} {asset}了，UID {uid}，能不能提前解除？",
        ),
    ),
    Story(
        "c3",
        "CMP",
        "normal",
        6,
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
        "c4",
        "LGL",
        "normal",
        3,
        (
            "Account frozen on request of the police",
            "You wrote that an authority ordered the freeze. UID {uid}. Which office is it and "
            "whom can I call? It concerns {amount} {asset}.",
        ),
        (
            "账户被司法冻结",
            "提示账户被司法冻结，UID {uid}，涉及{amount} {asset}，请告知是哪个机关，怎么联系？",
        ),
    ),
    Story(
        "c5",
        "CMP",
        "normal",
        2,
        (
            "I do not live in the country you name",
            "The account says that my region is not served, but I moved away two years ago. UID "
            "{uid}. I can send the lease.",
        ),
        (
            "提示地区受限，但我已不在当地",
            "账户显示所在地区不支持，我两年前就搬走了，UID {uid}，可以提供租房合同。",
        ),
    ),
    Story(
        "c6",
        "P2P",
        "low",
        5,
        (
            "Bought coins are locked until tomorrow",
            "Order {order} is finished, but {amount} {asset} cannot be withdrawn. UID {uid}. Is "
            "that normal?",
        ),
        (
            "买币后显示T+1限制提币",
            "订单{order}已完成，但{amount} {asset}不能提，UID {uid}，什么时候可以提？",
        ),
    ),
    Story(
        "c7",
        "SEC",
        "normal",
        3,
        (
            "Please end the lock that I set myself",
            "I pressed the emergency lock last week because I had lost my bag. All is found again. "
            "UID {uid}. What proof do you need?",
        ),
        (
            "申请解除自主冻结",
            "上周丢了包自己冻结了账户，现在都找到了，UID {uid}，需要提供什么材料？",
        ),
    ),
    Story(
        "c8",
        "RC",
        "high",
        3,
        (
            "Frozen for two months and nobody is responsible",
            "I answered everything you asked. UID {uid}. {amount} {asset} is locked and I lose "
            "money every day. This is a formal complaint.",
        ),
        (
            "冻结两个月了，请给说法",
            "所有材料都提交了，UID {uid}，{amount} {asset}一直冻结，造成的损失谁负责？"
            "我要正式投诉。",
        ),
    ),
    Story(
        "d1",
        "SEC",
        "normal",
        8,
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
        "d2",
        "SEC",
        "normal",
        5,
        (
            "My old number does not exist any more",
            "I changed the carrier and cannot receive your codes. UID {uid}. How do I set the new "
            "number?",
        ),
        (
            "手机号停用，收不到验证码",
            "原来的号码已经注销，收不到验证码，UID {uid}，怎么换绑新号码？",
        ),
    ),
    Story(
        "d3",
        "SEC",
        "normal",
        3,
        (
            "No access to the mailbox of my account",
            "I left the company whose address I used. UID {uid}. Please change it to my own.",
        ),
        (
            "注册邮箱登不上了",
            "注册用的是公司邮箱，离职后无法登录，UID {uid}，请帮忙更换邮箱。",
        ),
    ),
    Story(
        "d4",
        "SEC",
        "low",
        2,
        (
            "Remove a device from the list",
            "There is a tablet in the list that I sold. UID {uid}. The button does nothing.",
        ),
        (
            "无法移除旧设备",
            "设备列表里有一台已经卖掉的平板，删除没有反应，UID {uid}。",
        ),
    ),
    Story(
        "d5",
        "CMP",
        "normal",
        2,
        (
            "New name after my wedding",
            "My passport has a new family name. UID {uid}. Which documents do you need to change "
            "the account?",
        ),
        (
            "更改实名信息",
            "改名后身份证已更新，UID {uid}，需要提交哪些材料更改实名？",
        ),
    ),
    Story(
        "d6",
        "LGL",
        "normal",
        1,
        (
            "My father has died and had an account with you",
            "I found his notes with UID {uid}. I am the heir. Whom do I send the certificate to?",
        ),
        (
            "家人去世，如何继承账户资产",
            "父亲生前在你们平台有账户，UID {uid}，我是继承人，需要哪些证明？",
        ),
    ),
    Story(
        "d7",
        "RC",
        "normal",
        1,
        (
            "Request of the business line: lift the restriction of {uid}",
            "The partner team asks to lift the restriction of UID {uid}. The evidence lies in the "
            "case file. Please name the second reviewer.",
        ),
        (
            "业务线解冻申请：{uid}",
            "业务方申请解除UID {uid}的限制，材料已归档，请安排复核。",
        ),
    ),
    Story(
        "k1",
        "CMP",
        "normal",
        5,
        (
            "My passport is refused every time",
            "The picture is sharp and the passport is valid, but the check says unreadable. UID "
            "{uid}.",
        ),
        (
            "证件一直审核不通过",
            "照片很清楚，证件也在有效期内，但每次都提示无法识别，UID {uid}。",
        ),
    ),
    Story(
        "k2",
        "CMP",
        "normal",
        4,
        (
            "The face check never ends",
            "I turn my head as told and at the end it fails. I tried two phones. UID {uid}.",
        ),
        (
            "人脸识别一直失败",
            "按提示转头眨眼，最后还是失败，换了两部手机都不行，UID {uid}。",
        ),
    ),
    Story(
        "k3",
        "CMP",
        "normal",
        4,
        (
            "Verification has been pending for nine days",
            "You promise two days. UID {uid}. I cannot deposit until it is done.",
        ),
        (
            "实名认证审核九天了",
            "说好两天出结果，已经九天了，UID {uid}，一直不能充值。",
        ),
    ),
    Story(
        "k4",
        "CMP",
        "low",
        2,
        (
            "Do you accept a residence card?",
            "I have no passport, only the card of the country where I live. UID {uid}.",
        ),
        (
            "居留证可以认证吗？",
            "没有护照，只有当地的居留证，UID {uid}，可以用来认证吗？",
        ),
    ),
)

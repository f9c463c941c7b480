"""What people say on the played day, by act and language; made up, one line picked at random."""

ENGLISH: dict[str, tuple[str, ...]] = {
    "first_reply": (
        "Thank you for writing. I have read your case and passed it to the person who can act on "
        "it; you will hear from me again today.",
        "I'm sorry about this. I am looking at your account now and will write as soon as I know "
        "more than you do.",
        "Thanks for the details, they help. The check is running; please don't send any codes or "
        "passwords, we never need them.",
        "Hello, I have taken over your case. Nothing more is needed from you at the moment.",
    ),
    "first_reply:A": (
        "Your account is locked from our side and open withdrawals are stopped. Please change the "
        "password of your mailbox first, from a device you trust, and file a police report.",
        "We have stopped everything on the account. Do not answer calls about this; we will only "
        "write here. Please tell me when you last logged in yourself.",
    ),
    "first_reply:B": (
        "I'm very sorry. Please do not send anything more to these people, whatever they promise. "
        "The address is now flagged with us; a police report lets us share what we know.",
        "Please stop all contact with them and keep the chats. We never ask for fees or codes by "
        "phone. I have passed the address on for tracing.",
    ),
    "ask": (
        "To go on I need one more thing: a screenshot that shows the date and the amount.",
        "Could you send me the transaction hash or order number as text? Then I can check it "
        "while we talk.",
        "Please confirm when you last used the account yourself, and from which device.",
    ),
    "waiting": (
        "Any news? I've been waiting since this morning.",
        "Hello? Is somebody reading this?",
        "Just checking that you got my message.",
    ),
    "answer": (
        "Here you go, screenshot attached. Let me know if you need anything else.",
        "Done, I've uploaded it in the app as well.",
        "It was yesterday around noon, from my phone. Thanks for looking into it.",
        "I already sent this in my first message!! Please read it.",
    ),
    "second_reply": (
        "Thank you, that was what we needed. The team is on it.",
        "Received, thanks. I have added it to the case and asked for a decision today.",
    ),
    "department_note": (
        "Checked on our side. Evidence saved, next step is with the case owner.",
        "Looked at the logs: the customer's account of it fits. Go ahead with the standard path.",
        "We have what we need; I will update this note when the outside party answers.",
    ),
    "department_reply": (
        "This is the specialist team. We have checked your case and finished our part; your agent "
        "will write the details in a moment.",
        "Hello, I'm from the team that owns this topic. Your case is confirmed and being worked on.",
    ),
    "solve": (
        "This is done from our side. If anything looks wrong, answer here and the case opens again.",
        "Everything should be in order now. Thank you for your patience.",
    ),
    "reopen": (
        "Sorry, but it's not solved. It looks exactly as before.",
        "Why did you close this? Nothing has changed for me.",
        "It worked for ten minutes, now the same message is back.",
    ),
}

CHINESE: dict[str, tuple[str, ...]] = {
    "first_reply": (
        "您好，您的情况我已经看过，并转给了可以处理的同事，今天之内会再给您回复。",
        "非常抱歉给您带来不便。我正在查看您的账户，一有结果马上告诉您。",
        "谢谢您提供的信息，很有帮助。正在核查中，请不要发送任何验证码或密码，我们不需要这些。",
        "您好，您的问题由我跟进，目前不需要您再补充材料。",
    ),
    "first_reply:A": (
        "您的账户我们已经锁定，未完成的提币也已拦截。请先用可信的设备修改邮箱密码，并尽快报警。",
        "账户的所有操作都已暂停。有人来电请不要理会，我们只在这里与您联系。请告诉我您本人最后一次登录的时间。",
    ),
    "first_reply:B": (
        "很抱歉听到这样的事。无论对方怎么说，请不要再转任何钱。对方地址我们已经标记，报案后我们可以配合警方。",
        "请立刻停止与对方联系，并保留聊天记录。我们绝不会来电索要验证码或费用。地址已经提交追踪。",
    ),
    "ask": (
        "还需要您补充一样材料：一张能看清日期和金额的截图。",
        "麻烦把交易哈希或订单号用文字发给我，我这边马上核对。",
        "请确认一下您本人最后一次使用账户的时间和设备。",
    ),
    "waiting": (
        "有消息了吗？从早上等到现在了。",
        "在吗？有人看吗？",
        "我就确认一下你们收到没有。",
    ),
    "answer": (
        "截图发上来了，还需要什么再告诉我。",
        "已经在APP里上传了，麻烦看一下。",
        "昨天中午左右，用自己的手机登的，辛苦了。",
        "第一条消息里不是已经写了吗？？麻烦看一下再问。",
    ),
    "second_reply": (
        "谢谢，材料齐了，正在处理。",
        "收到，已经补充到您的案件里，并请相关同事今天给出结论。",
    ),
    "department_note": (
        "我们这边核查过了，证据已留存，后续由案件负责人跟进。",
        "日志看过，与客户描述一致，按标准流程处理即可。",
        "所需信息已齐，外部机构回复后我再更新备注。",
    ),
    "department_reply": (
        "您好，这里是专项处理团队，您的问题我们这边已经核实完毕，稍后由客服告知详细结果。",
        "您好，我是负责该业务的同事，您的情况已确认，正在处理。",
    ),
    "solve": (
        "问题已处理完毕。如果还有异常，直接在这里回复，案件会重新打开。",
        "现在应该恢复正常了，感谢您的耐心。",
    ),
    "reopen": (
        "没有解决啊，跟之前一模一样。",
        "怎么就关了？我这边什么都没变。",
        "好了十分钟，又是同样的提示。",
    ),
}

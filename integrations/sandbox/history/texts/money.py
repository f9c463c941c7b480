"""Complaints about trades between people, deposits, withdrawals and products."""

from integrations.sandbox.history.texts.story import Story

STORIES = (
    Story(
        "e1",
        "P2P",
        "high",
        9,
        (
            "Paid the seller, coins are not released",
            "I paid for {amount} {asset} by bank transfer one hour ago, order {order}. The seller "
            "does not answer. UID {uid}. The receipt is in the order chat.",
        ),
        (
            "已付款，商家不放币",
            "一个小时前转账买{amount} {asset}，订单{order}，商家不回消息也不放币，UID {uid}，"
            "付款凭证在订单聊天里。",
        ),
    ),
    Story(
        "e2",
        "P2P",
        "high",
        4,
        (
            "The buyer shows a forged receipt",
            "Order {order}: the buyer marked it as paid, but my bank has nothing. The receipt has "
            "a wrong font. UID {uid}, {amount} {asset}.",
        ),
        (
            "买家假付款凭证",
            "订单{order}买家点了已付款，银行没有到账，截图像是P的，UID {uid}，{amount} {asset}。",
        ),
    ),
    Story(
        "e3",
        "P2P",
        "normal",
        3,
        (
            "The amount that arrived is too small",
            "Order {order}: he paid a part only and wants all {amount} {asset}. UID {uid}.",
        ),
        (
            "到账金额不符",
            "订单{order}对方只付了一部分，却要求放{amount} {asset}，UID {uid}。",
        ),
    ),
    Story(
        "e4",
        "P2P",
        "high",
        3,
        (
            "Payment came from another person",
            "Order {order}: the name of the payer is not the name of the buyer. Should I release "
            "{amount} {asset}? UID {uid}.",
        ),
        (
            "第三方付款，不敢放币",
            "订单{order}付款人和实名不一致，{amount} {asset}要不要放？UID {uid}。",
        ),
    ),
    Story(
        "e5",
        "P2P",
        "normal",
        3,
        (
            "The order was cancelled although I had paid",
            "The timer ended while the bank was slow. Order {order}, {amount} {asset}, UID {uid}.",
        ),
        (
            "付款后订单被取消",
            "银行转账慢了几分钟，订单{order}超时取消，{amount} {asset}，UID {uid}，怎么处理？",
        ),
    ),
    Story(
        "e6",
        "LGL",
        "high",
        4,
        (
            "My bank card is frozen after a sale",
            "I sold {amount} {asset} in order {order} and two days later the bank froze my card. "
            "UID {uid}. I need papers about this trade.",
        ),
        (
            "卖币后银行卡被冻结",
            "订单{order}卖了{amount} {asset}，两天后银行卡被冻结，UID {uid}，请协助提供交易证明。",
        ),
    ),
    Story(
        "e7",
        "P2P",
        "normal",
        2,
        (
            "Appeal against the penalty of my merchant account",
            "You took a part of my deposit because of order {order}. The delay was not my fault. "
            "UID {uid}.",
        ),
        (
            "商家保证金扣罚申诉",
            "因为订单{order}扣了保证金，延迟不是我的原因，UID {uid}，申请复核。",
        ),
    ),
    Story(
        "e8",
        "P2P",
        "low",
        2,
        (
            "The seller insults me and wants to trade in another chat",
            "Order {order}. Please read the chat. UID {uid}.",
        ),
        (
            "商家辱骂并诱导线下交易",
            "订单{order}，请看聊天记录，UID {uid}。",
        ),
    ),
    Story(
        "f1",
        "PAY",
        "normal",
        8,
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
        4,
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
        "f3",
        "PAY",
        "normal",
        7,
        (
            "Withdrawal has been in review since this morning",
            "{amount} {asset} to {address} does not move. UID {uid}. What are you waiting for?",
        ),
        (
            "提币一直在审核",
            "提{amount} {asset}到{address}，一直显示审核中，UID {uid}，还要多久？",
        ),
    ),
    Story(
        "f4",
        "CMP",
        "normal",
        3,
        (
            "You ask who owns the wallet I deposited from",
            "It is my own wallet {address}. UID {uid}, {amount} {asset}, {txid}. How do I prove "
            "it?",
        ),
        (
            "充值要求填写汇款人信息",
            "是我自己的钱包{address}，UID {uid}，{amount} {asset}，哈希{txid}，怎么证明？",
        ),
    ),
    Story(
        "f5",
        "PAY",
        "normal",
        3,
        (
            "Card was charged twice",
            "I bought {asset} by card once and see two charges. UID {uid}, order {order}.",
        ),
        (
            "信用卡被扣了两次",
            "只买了一次{asset}，信用卡扣了两笔，UID {uid}，订单{order}。",
        ),
    ),
    Story(
        "h1",
        "TEC",
        "normal",
        4,
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
        "h2",
        "TEC",
        "high",
        3,
        (
            "I could not close my position, the app was down",
            "For ten minutes every tap ended in an error. UID {uid}. The loss is {amount} {asset}.",
        ),
        (
            "系统卡住无法平仓",
            "十分钟里一直报错不能平仓，UID {uid}，损失{amount} {asset}，要求赔偿。",
        ),
    ),
    Story(
        "h3",
        "CS",
        "low",
        4,
        (
            "The bonus of the campaign is missing",
            "I met the conditions last week. UID {uid}. Where are my {amount} {asset}?",
        ),
        (
            "活动奖励没有发放",
            "上周已完成任务，UID {uid}，奖励{amount} {asset}没有到账。",
        ),
    ),
    Story(
        "h4",
        "CS",
        "low",
        2,
        (
            "Coin was delisted before I could sell",
            "I was travelling and did not see the notice. UID {uid}, {amount} coins are left.",
        ),
        (
            "币种下架没来得及卖",
            "出差没看到下架公告，UID {uid}，还有{amount}个币，怎么处理？",
        ),
    ),
)

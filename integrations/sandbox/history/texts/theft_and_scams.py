"""Complaints about stolen accounts and about scams."""

from integrations.sandbox.history.texts.story import Story

STORIES = (
    Story(
        "a1",
        "SEC",
        "urgent",
        9,
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
        6,
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
        "a3",
        "SEC",
        "urgent",
        3,
        (
            "Somebody changed my phone number",
            "A notice says that the phone number of UID {uid} was replaced this morning. I did not "
            "ask for it. I still see {amount} {asset}, please stop all withdrawals.",
        ),
        (
            "绑定手机被别人改了",
            "今天收到通知说UID {uid}的手机号被更换，我没有申请过，账户还有{amount} {asset}，"
            "请先停止提币。",
        ),
    ),
    Story(
        "a4",
        "SEC",
        "urgent",
        2,
        (
            "My SIM card stopped working, then the account was emptied",
            "My phone lost its network for two hours. After that {amount} {asset} was missing. The "
            "carrier says that somebody ordered a new card. UID {uid}, transaction {txid}.",
        ),
        (
            "手机卡失效后资产被转走",
            "手机突然没有信号，两个小时后少了{amount} {asset}，运营商说有人补办了我的卡，UID "
            "{uid}。",
        ),
    ),
    Story(
        "a5",
        "SEC",
        "high",
        3,
        (
            "Web3 wallet drained",
            "All coins in my own wallet {address} went away after I signed something on a mint "
            "page. I funded it from UID {uid}. The transaction is {txid}.",
        ),
        (
            "链上钱包被清空",
            "在一个铸造页面签名之后，钱包{address}里的币全部被转走，是从UID {uid}提过去的，"
            "哈希{txid}。",
        ),
    ),
    Story(
        "a6",
        "IA",
        "high",
        1,
        (
            "A caller knew things that only your staff can know",
            "A man called and knew my balance and my last deposit to the cent. UID {uid}. Where "
            "does he have that from? I want this looked at by somebody who is not in support.",
        ),
        (
            "怀疑内部人员泄露信息",
            "有人打电话准确说出了我的余额和最近一笔充值，UID {uid}，这些信息从哪里来的？"
            "请内部调查。",
        ),
    ),
    Story(
        "b1",
        "RC",
        "high",
        8,
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
        "b2",
        "RC",
        "urgent",
        4,
        (
            "Your security team called me, was that you?",
            "Someone who said he is from your security team told me to move {amount} {asset} to a "
            "safe address {address}. I am still on the line with him. UID {uid}.",
        ),
        (
            "冒充客服让我转账到安全账户",
            "自称你们安全部门的人让我把{amount} {asset}转到{address}，说是安全账户，UID {uid}，"
            "是真的吗？",
        ),
    ),
    Story(
        "b3",
        "RC",
        "normal",
        6,
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
        "b4",
        "RC",
        "high",
        4,
        (
            "Copied an address that only looked like mine",
            "I copied the address from my history and the first and last letters were the same. "
            "{amount} {asset} went to {address}. Transaction {txid}, UID {uid}.",
        ),
        (
            "复制了相似地址，转错了",
            "从历史记录复制地址，开头结尾都一样，结果{amount} {asset}转到了{address}，"
            "哈希{txid}，UID {uid}。",
        ),
    ),
    Story(
        "b5",
        "RC",
        "high",
        4,
        (
            "Paid for tasks in a chat group and got nothing",
            "First the tasks paid small amounts, then I had to put in {amount} {asset} to unlock "
            "the next level. UID {uid}. The group is gone.",
        ),
        (
            "刷单群让我充值，现在联系不上",
            "一开始做任务有小额返利，后来要充{amount} {asset}才能继续，UID {uid}，现在群解散了。",
        ),
    ),
    Story(
        "b6",
        "RC",
        "high",
        2,
        (
            "I sent coins to a person I have never met",
            "We wrote every day for four months. I paid {amount} {asset} for a flight and a "
            "hospital, UID {uid}. My daughter says that this person does not exist.",
        ),
        (
            "网恋对象让我转币",
            "聊了四个月，对方说要机票和住院费，我转了{amount} {asset}，UID {uid}，家里人说是骗子。",
        ),
    ),
    Story(
        "b7",
        "RC",
        "normal",
        3,
        (
            "A firm promises to get my lost coins back",
            "They ask for a fee of {amount} {asset} and say that they work with you. UID {uid}. "
            "Is that true?",
        ),
        (
            "有公司说可以帮我追回被骗的币",
            "对方要先收{amount} {asset}手续费，说和你们合作，UID {uid}，可信吗？",
        ),
    ),
    Story(
        "b8",
        "RC",
        "urgent",
        1,
        (
            "They want {amount} {asset} or they publish my pictures",
            "I have until tonight. They gave me the address {address}. UID {uid}. I am afraid.",
        ),
        (
            "被勒索，今晚之前要付{amount} {asset}",
            "对方威胁要公开照片，收款地址{address}，UID {uid}，我很害怕，请帮帮我。",
        ),
    ),
    Story(
        "b9",
        "RC",
        "low",
        3,
        (
            "The token cannot be sold any more",
            "I bought a token for {amount} {asset} and the contract forbids selling. UID {uid}. "
            "The team has deleted its channel.",
        ),
        (
            "买的币卖不出去，项目方跑路",
            "花了{amount} {asset}买的代币不能卖，项目群也没了，UID {uid}。",
        ),
    ),
    Story(
        "b10",
        "RC",
        "high",
        2,
        (
            "Report of an address that receives stolen coins",
            "The person who cheated me collects at {address}, which belongs to your exchange. The "
            "police report is there. My transfer was {txid}. UID {uid}.",
        ),
        (
            "举报平台用户收取赃款",
            "骗我的人收款地址是{address}，属于你们平台，已经报警，转账哈希{txid}，UID {uid}。",
        ),
    ),
)

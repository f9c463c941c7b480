"""English rules: (family or reason, weight, pattern); see rules.py for how they are read."""

from typing import Final

RULES: Final = (
    # A: somebody else had control. The insult "you hackers" names no event and matches nothing.
    ("A1", 3.5, r"{FUNDS}<12>\b(?:stolen|hacked|drained|emptied|swiped|siphoned|wiped out)\b"),
    (
        "A1",
        3.2,
        r"\b(?:stole|drained|emptied|cleaned out|wiped out)<10>\b(?:my|our)<12>{FUNDS}"
        r"(?=<60>\b(?:hack|log|password|phone|someone|email|e-mail|2fa|wallet)|)",
    ),
    ("A2", 3.5, r"\b(?:i|we|{ACC}|phone|she|he)<8>\b(?:got|been|was|were|is|being|get) hacked\b"),
    ("A2", 3.5, r"{ACC}<12>\b(?:hacked|compromised|hijacked|taken over|breached)\b"),
    ("A2", 3.5, r"\bhack(?:ed|ing)?(?: in ?to)? (?:my|our)\b|\bbroke(?:n)? into my\b"),
    (
        "A2",
        3.2,
        r"\b(?:someone|somebody|hackers?|thie(?:f|ves)|a stranger|unknown person)\b<20>\b"
        r"(?:access|logg|log in|enter|broke|got in|hack|withdr|transfer|took|stole|steal|"
        r"drain|mov|sent|sold|bought|used|empt)\w*",
    ),
    (
        "A2",
        3.0,
        r"\b(?:unknown|unrecogni[sz]ed|strange|suspicious) (?:log-?in|sign-?in|ip|api|"
        r"device)\b|\bapi key<25>(?:leak|stolen|not mine|didn'?t|never|unknown)",
    ),
    (
        "A2",
        3.0,
        r"\blog(?:ged)?[- ]?ins?<25>\b(?:from|in)\b<25>\b(?:not me|i(?:'ve| have)? never|"
        r"wasn'?t me|not mine)",
    ),
    (
        "A1",
        3.5,
        r"\bunauthori[sz]ed<15>(?:transact|withdr|transfer|access|log|charge|purchas|"
        r"payment|debit|activit|trade)",
    ),
    (
        "A1",
        3.0,
        r"\b(?:did ?n[o']t|did not|never)<8>(?:make|made|initiat|authori[sz]|request|do|"
        r"done|approv|start)\w*<12>(?:withdraw|transaction|transfer|purchase|payment)",
    ),
    (
        "A1",
        3.0,
        r"(?:transfer|withdr|sent|moved|taken|took|deduct|debited|charged|sold)\w*<40>"
        r"without (?:my|our|any) (?:permission|consent|knowledge|authori|approval)",
    ),
    (
        "A1",
        2.4,
        r"{FUNDS}<14>\b(?:disappear\w*|vanish\w*|went missing|(?:is|are|was|were|all|just|"
        r"has|have|been) gone|gone missing|(?:is|are|were|was) missing|misplaced)\b",
    ),
    ("A1", 2.6, r"fraudulent<10>(?:transaction|charge|withdraw|transfer|activit|purchase)"),
    (
        "A1",
        2.2,
        r"\bwithdraw\w*<20>\b(?:that )?(?:i|we) (?:did ?n[o']t|did not|never)\b|"
        r"\b(?:wasn'?t|was not) me\b",
    ),
    (
        "A3",
        3.4,
        r"\b(?:hackers?|someone|somebody|they|thief|attacker)\b<25>\b(?:chang|remov|reset|"
        r"replac|add)ed<18>(?:e-?mail|phone|password|2fa|number|authenticator|security)",
    ),
    (
        "A3",
        2.6,
        r"(?:e-?mail|phone|password|2fa|number)<10>\b(?:was|been|got|were) (?:changed|"
        r"removed|replaced|reset)\b<25>(?:not|without|n't|someone|never)",
    ),
    ("A4", 3.5, r"\bsim[- ]?(?:swap|jack|hijack|clon)|\bsim card<15>(?:swapped|cloned|hijacked)"),
    ("A4", 3.0, r"(?:e-?mail|gmail|mailbox|inbox)<10>\b(?:hacked|compromised|breached|taken over)"),
    (
        "A5",
        3.4,
        r"(?:metamask|trust ?wallet|web3|phantom|ledger|self[- ]custod\w*|defi wallet|"
        r"hot wallet|seed phrase|private key)<40>\b(?:drained|hacked|stole|emptied|"
        r"compromised|swept)",
    ),
    (
        "A6",
        2.8,
        r"\binside job\b|\binsiders?\b|\b(?:your|an?|one of your) (?:employee|staff|agent|"
        r"support)s?<25>\b(?:leak|sold|stole|steal|shared my|gave my)",
    ),
    # B: somebody was deceived by a third person.
    (
        "B",
        2.8,
        r"\b(?:i|we|mother|father|mom|dad|wife|husband|friend)\b<14>\b(?:scammed|defrauded|"
        r"duped|conned|swindled|tricked into)\b(?!<12>\b(?:by (?:you|this|them|ex)))",
    ),
    ("B", 3.2, r"\bvictims? of<14>(?:scam|fraud|phish|crypto|romance|investment)"),
    (
        "B10",
        2.6,
        r"\b(?:a|the|this|these|some|by|to) (?:scammer|fraudster|con ?man|conmen)s?\b"
        r"(?!<6>(?:company|app|exchange|platform))|\bscammer'?s (?:wallet|address|acc)",
    ),
    (
        "B1",
        3.0,
        r"\b(?:fake|bogus|fraudulent|ponzi|scam) (?:invest|trading|broker|platform|mining|"
        r"liquidity|pool)",
    ),
    ("B1", 3.2, r"\bpig[- ]butcher|\bponzi\b<30>(?:lost|sent|invest)"),
    ("B1", 2.2, r"\b(?:promis|guarante)\w*<25>\b(?:returns?|profits?|daily|double)\b"),
    (
        "B1",
        2.2,
        r"\b(?:met|friend|girl|guy|woman|man|stranger|someone|person|advis[eo]r|mentor|"
        r"teacher|group|introduced)\b<40>\b(?:whats ?app|telegram|facebook|instagram|tinder|"
        r"wechat|tiktok|linkedin|discord)",
    ),
    (
        "B1",
        2.4,
        r"\b(?:pay|deposit|send|put|transfer)\b<22>\b(?:tax|fee|deposit|more|extra|"
        r"another)\b<25>\b(?:before|in order|so that|to)\b<15>(?:withdraw|release|unlock|"
        r"unfreeze|restart|get my)",
    ),
    (
        "B2",
        3.2,
        r"\b(?:pretend|posing|posed|impersonat|claim(?:ed|ing|s)? to be|claiming)\w*<25>"
        r"(?:support|staff|agent|employee|representative|customer|police|bank|officer|"
        r"coinbase|binance|kucoin|okx|from)",
    ),
    (
        "B2",
        3.2,
        r"\b(?:fake|phony|bogus|scam|fraud\w*) (?:customer )?(?:support|service|calls?|"
        r"callers?|agents?|staff|sms|texts?|e-?mails?|messages?|representative|police)",
    ),
    (
        "B2",
        2.2,
        r"\b(?:called|phoned|rang|phone call|calls?)\b<30>\b(?:from|saying|claiming)\b<25>"
        r"(?:support|security|fraud|coinbase|binance|kucoin|okx|exchange|bank|police)",
    ),
    ("B3", 2.6, r"\bphish|\bspoof"),
    (
        "B3",
        3.0,
        r"\b(?:fake|clone|cloned|copycat|imitation|counterfeit|bogus) (?:\w+ )?(?:app|"
        r"website|site|page|link|url|version|domain)",
    ),
    (
        "B3",
        2.4,
        r"\bclick\w*<18>\blink\b<60>(?:money|lost|gone|coins?|wallet|password|enter|drain|"
        r"stole|seed)",
    ),
    (
        "B4",
        3.0,
        r"\baddress poison|\bpoisoned address|\blook[- ]?alike address|\bdrainer\b|"
        r"\bmalicious (?:contract|approval|dapp|site)|\bclipboard (?:virus|malware|hijack)",
    ),
    (
        "B4",
        2.4,
        r"\b(?:approv|sign|connect)\w*<30>(?:unlimited|scam|malicious|airdrop)<60>"
        r"(?:gone|drain|stole|empt|took|lost)",
    ),
    (
        "B5",
        2.8,
        r"\b(?:part[- ]time|online|remote|work from home|task|click)<12>\b(?:job|tasks?)\b"
        r"<60>(?:deposit|pay|recharge|usdt|commission|scam|top ?up|send)",
    ),
    (
        "B6",
        2.8,
        r"\b(?:girlfriend|boyfriend|dating|tinder|romance|fianc\w+|in love)\b<90>(?:invest|"
        r"sen[dt]|crypto|money|scam|usdt|transfer)",
    ),
    (
        "B7",
        3.4,
        r"\brecovery (?:scam|company|service|firm|agent|lawyer)s?\b<70>(?:fee|paid|upfront|"
        r"again|scam|fake|second time|took)",
    ),
    (
        "B8",
        3.2,
        r"\bblackmail|\bextort|\bransom ?ware|\bransom (?:demand|note)|\bsextort|"
        r"\bthreaten\w*<40>(?:publish|leak|photos|videos|kill|hurt|family|home)",
    ),
    (
        "B9",
        2.6,
        r"\brug ?pull|\bhoney ?pot|\b(?:fake|scam) (?:token|coin)s?\b|\b(?:dev\w*|project|"
        r"team|founder)s?<12>(?:ran away|disappeared|abandoned|vanished)",
    ),
    (
        "B10",
        2.6,
        r"\breport\w*<25>\b(?:user|account|wallet|address|uid|person)\b<40>(?:scam|fraud|"
        r"stole|cheat)",
    ),
    # C: the exchange itself stopped the account or holds the money.
    (
        "C1",
        3.0,
        r"{ACC}<18>\b(?:frozen|froze|freezed?|suspended|restricted|blocked|banned|disabled|"
        r"deactivated|flagged|on hold|terminated|under review|put on hold|limited)\b",
    ),
    ("C1", 2.4, r"{ACC}<18>\b(?:locked|closed|shut)\b"),
    (
        "C1",
        3.0,
        r"\b(?:fr[eo]ez(?:e|es|ed|ing)|froze|frozen|suspend|restrict|block|lock|ban|disabl|"
        r"clos|shut down|shutting down|deactivat|terminat|limit|flag)(?:n?e[sd]|s|ing|ning)?"
        r"\b<6>\b(?:my|our|people'?s?|users?'?s?|customers?'?|innocent|your)<12>"
        r"\b(?:{ACC}|{FUNDS}|access)",
    ),
    ("C1", 2.6, r"\b(?:blocked|banned|suspended|restricted|kicked|froze) (?:me|us)\b"),
    ("C1", 2.6, r"{FUNDS}<14>\b(?:frozen|hostage|withheld|seized|confiscated|being held|held)\b"),
    ("C1", 1.2, r"{FUNDS}<14>\b(?:stuck|locked|trapped|on hold|tied up)\b"),
    (
        "C1",
        2.5,
        r"\b(?:hold|keep|withhold|seiz|confiscat)(?:ing|ed|s)?\b<10>\b(?:my|our|your|"
        r"people'?s|customers?'?|users?'?)<10>{FUNDS}|\brefus\w* to (?:release|return|give)",
    ),
    (
        "C1",
        1.2,
        r"\b(?:unable|not able|can ?n[o']t|can'?t|cannot|won'?t|denied|lost|no|without)\b"
        r"<14>\baccess\b<15>\b(?:account|funds|money|crypto|assets|coins)",
    ),
    (
        "C1",
        2.4,
        r"\bsuspicious activit|\brisk[- ]control|\bcompliance (?:team|review|hold|dep)|"
        r"\bunder (?:investigation|review)|\bsecurity review|\baccount review|\bunfreeze|"
        r"\bunlock my|\bunblock|\blift the restrict|\brestrictions? (?:on|from) my",
    ),
    (
        "C2",
        2.0,
        r"\b(?:24|48|72)[- ]?(?:h|hrs?|hours?)\b<40>\b(?:hold|lock|freez|cool)|"
        r"\bcool(?:ing)?[- ](?:off|down)",
    ),
    (
        "C3",
        2.6,
        r"\bsource of (?:funds?|wealth|income)|\bproof of (?:funds|income|wealth)|"
        r"\benhanced due|\bwhere<12>money came from",
    ),
    (
        "C4",
        3.2,
        r"\b(?:police|court|law enforcement|judicial|prosecutor)\b<35>\b(?:freez|froze|seiz|"
        r"hold|lock|order)",
    ),
    (
        "C5",
        1.8,
        r"\bsanction(?:s|ed)\b|\brestricted (?:jurisdiction|country|region)<40>(?:account|"
        r"funds|withdraw|money)",
    ),
    ("C6", 2.8, r"\bt ?\+ ?[1-9]\b"),
    (
        "C7",
        2.8,
        r"\bi (?:froze|locked|disabled)<12>(?:my|the) (?:own )?account|\bself[- ](?:freeze|"
        r"froze|lock)|\bdisabled? my account my",
    ),
    (
        "C8",
        0.8,
        r"\b(?:no|without|any) (?:\w+ )?(?:reason|explanation|notice|warning)\b|\bwrongful",
    ),
    # D: the owner cannot use or wants to change a security item.
    (
        "D1",
        3.0,
        r"\b(?:lost|lose|broke|new|chang|replac|reset|old|damaged|stolen|format|upgrad|"
        r"delet|uninstall|no longer|remov|disabl|unbind|recover|bypass|turn off|without|"
        r"switch)\w*\b<22>(?:2 ?fa\b|authenticator|google auth|authy|passkey|two[- ]factor|"
        r"2[- ]?step|yubikey|security key)",
    ),
    ("D1", 1.8, r"\b(?:2 ?fa|two[- ]factor|authenticator|2[- ]?step|passkey)\b"),
    (
        "D2",
        2.4,
        r"\b(?:lost|lose|broke|broken|changed|changing|old|replaced|stolen|no longer|"
        r"different|got a new|bought a new|my new)\b<14>\b(?:phone|mobile|sim|cell)\b",
    ),
    (
        "D2",
        3.0,
        r"\b(?:change|update|reset|unlink|unbind|remove|switch|edit|rebind|replace)\b<16>"
        r"\b(?:phone|mobile|cell|number)\b",
    ),
    (
        "D3",
        2.6,
        r"\b(?:change|update|reset|unbind|lost|no longer|recover|forgot|edit|rebind|"
        r"replace|old)\b<18>\b(?:e-?mail|gmail|mailbox)",
    ),
    (
        "D2",
        2.4,
        r"\b(?:not|n't|never|no|without|dont|cant|didnt|doesnt|isnt|stopped)\b<22>(?:receiv|"
        r"recei?v|reciev|get|got|send|sent|deliver|arriv|com)\w*<20>\b(?:sms|otp|codes?|text "
        r"messages?|verification (?:e-?mail|text)|confirmation e-?mail)",
    ),
    (
        "D2",
        2.4,
        r"\b(?:sms|otp|(?:verification|security|sms|confirmation|login|6[- ]digit) codes?|"
        r"verification e-?mail)\b<25>(?:not|n't|never|no|dont|doesnt|isnt|fail|wrong|"
        r"invalid|expire)\w*\b<12>",
    ),
    (
        "D1",
        1.0,
        r"\b(?:forgot|forgotten|reset|lost|can'?t remember)\b<12>\b(?:password|passcode|"
        r"pin)\b",
    ),
    (
        "D6",
        3.2,
        r"\bpassed away|\bdeceased\b|\b(?:father|mother|husband|wife|brother|son|uncle|aunt|"
        r"sister|daughter) (?:has )?died|\binherit|\bprobate\b|\bnext of kin\b",
    ),
    (
        "D5",
        2.4,
        r"\blegal name|\bname change|\bmarried name|\bchanged? my (?:last )?name|"
        r"\bdate of birth<20>(?:wrong|change|correct)",
    ),
    ("D7", 3.2, r"\bbusiness[- ]line|\bbatch (?:unbind|thaw|unfreeze|release)"),
    ("D4", 1.4, r"\b(?:trusted|remove|authori[sz]e|unlink)<8>\bdevice"),
    # E: a trade between two users.
    ("E", 1.5, r"\bp ?2 ?p\b|\bc2c\b|\bpeer[- ]to[- ]peer"),
    (
        "E1",
        2.8,
        r"\b(?:seller|merchant|vendor|trader|counterpart\w*)\b<40>(?:not|n't|never|refus\w*|"
        r"dont|didnt|wont|delay\w*)<14>(?:releas|send|sent|confirm|respond|repl)",
    ),
    ("E", 1.8, r"\b(?:seller|buyer|merchant)s?\b"),
    ("E1", 2.2, r"\breleas(?:e|ed|ing|es)\b<14>\b(?:coins?|crypto|usdt|btc|order)"),
    (
        "E2",
        3.0,
        r"\b(?:fake|forged|false|edited|photoshop\w*)<8>\b(?:receipt|payment|proof|"
        r"screenshot|alert|slip)|\bmarked<10>\bpaid\b",
    ),
    (
        "E3",
        2.4,
        r"\b(?:paid|sent|transferred)<20>(?:less|more|wrong amount)|\bamount<14>(?:mismatch|"
        r"different|less than)",
    ),
    (
        "E4",
        2.4,
        r"\bthird[- ]party (?:account|payment|payer|bank)|\bdifferent name\b<30>(?:paid|"
        r"payment|order|account)",
    ),
    (
        "E5",
        2.6,
        r"\bcancel\w*<25>\b(?:after|although|even though)<14>\bpa(?:id|yment)|\border<14>"
        r"\bcancel\w*<30>\b(?:paid|payment|transferred)",
    ),
    (
        "E6",
        3.4,
        r"\bbank\b<30>(?:froze|frozen|block|freez|lien)\w*<50>\b(?:p2p|trade|trading|usdt|"
        r"sold|sale)|\b(?:p2p|sold|selling)\b<60>\bbank\b<25>(?:froze|frozen|block|lien)",
    ),
    (
        "E7",
        2.6,
        r"\b(?:merchant|advertis\w+)\b<14>\b(?:status|application|deposit|margin|penalt\w*|"
        r"badge|tier|revoked)",
    ),
    (
        "E8",
        2.4,
        r"\b(?:seller|buyer|merchant|he|she)\b<30>\b(?:outside|off)[- ](?:the )?(?:platform|"
        r"app)|\b(?:buyer|seller|merchant)<20>(?:abus|insult|threat|rude)",
    ),
    ("E", 1.0, r"\bappeal"),
    # F: money on its way in or out.
    (
        "F1",
        2.4,
        r"\bdeposit\w*\b<40>(?:not|n't|never|missing|pending|stuck|delay|yet to|didnt|"
        r"hasnt|doesnt|disappear|lost|forever|late)",
    ),
    (
        "F1",
        2.0,
        r"\b(?:not|n't|never|yet to|havent|didnt|hasnt|still waiting)\b<10>(?:receiv|recei|"
        r"reciev|credit|reflect|arriv|show|got|get)\w*<25>\b(?:deposit|coins?|usdt|btc|eth|"
        r"money|funds|wallet|balance|transfer)",
    ),
    (
        "F2",
        3.0,
        r"\bwrong (?:network|chain|address|memo|tag|wallet)|\b(?:forgot|without|missing|"
        r"omitted)<12>\b(?:memo|tag)\b",
    ),
    (
        "F3",
        2.4,
        r"(?:can'?t|can ?not|couldn'?t|unable|not able|n't|wont|impossible|not let|not allow|"
        r"difficult|hard|refus|fail|trying|tried|stop|den[iy]|never been able)\w*\b<22>"
        r"\b(?:withdr[ao]\w*|widthdraw\w*|withraw\w*|witdraw\w*|cash(?:ing)? ?out|"
        r"(?:take|get|pull|move)<16>\bout|transfer<14>\bout)\b",
    ),
    (
        "F3",
        2.3,
        r"\b(?:withdr[ao]w\w*|withraw\w*|cash(?:ing)? out)\b<30>\b(?:pending|fail|stuck|"
        r"delay|process|not|never|suspend|error|reject|cancel|disabl|problem|issue|long|days|"
        r"weeks|impossible|forever|stopped)",
    ),
    ("F3", 1.2, r"\b(?:pending|stuck|processing|waiting)\b<14>\b(?:days?|weeks?|months?|hours?)\b"),
    ("F4", 3.2, r"\btravel[- ]rule|\boriginator\b<40>\bbeneficiary"),
    ("F5", 2.6, r"\bcharge ?back|\b(?:debited|charged|deducted)\b<45>(?:not|n't|never|no|twice)\b"),
    (
        "F5",
        1.6,
        r"\b(?:bank|card|sepa|ach|wire|fiat|paypal|faster payment)s?\b<35>(?:not|n't|fail|"
        r"declin|reject|refund|pending|can'?t|unable|remov)",
    ),
    # G: papers with legal weight; the threat to sue is only a hint.
    (
        "G1",
        3.4,
        r"\bsubpoena|\blaw enforcement (?:request|agency|officer)|\bdetective\b|"
        r"\bpolice (?:officer|department|unit)\b<40>(?:request|require|investigat)",
    ),
    ("G2", 3.4, r"\bcourt order|\bpreservation (?:order|letter|request)|\bgarnish|\binjunction"),
    (
        "G3",
        2.2,
        r"\bombudsman|\bcfpb\b|\b(?:complaint|complained|reported?)<22>\b(?:fca|regulator|"
        r"finra|sec|cftc|attorney general|asic)\b",
    ),
    (
        "G4",
        2.8,
        r"\bsubject access|\bgdpr\b|\bright to (?:erasure|be forgotten)|\b(?:delete|erase|"
        r"remove)<14>\bmy<12>\b(?:data|information|details|documents)|\bcopy of (?:all )?my"
        r"<10>\bdata",
    ),
    (
        "G5",
        2.8,
        r"\bletter before|\bour client|\bmy client|\bcease and desist|\blitigation hold|"
        r"\b(?:solicitor|attorney|law firm|counsel)s?<20>\b(?:for|behalf|represent|instruct)",
    ),
    ("G5", 0.7, r"\blawyer|\blegal action|\bsue\b|\blawsuit|\bclass action|\bcourt\b"),
    # H: the product does not do what it should.
    (
        "H2",
        1.9,
        r"\bcrash|\blag(?:s|gy|ging)?\b|\bbugs?\b|\bbuggy|\bglitch|\bhang(?:s|ing)?\b|"
        r"\bforce clos|\b(?:black|white|blank) (?:screen|page)|\bwon'?t (?:load|open)|"
        r"\bkeeps? (?:clos|crash|stop|load|freez|logg|kick)|\b(?:not|doesn'?t|don'?t|never) "
        r"(?:open|load)",
    ),
    (
        "H2",
        1.7,
        r"\b(?:app|server|site|website|platform|system|charts?|graphs?|widgets?|fingerprint|"
        r"notifications?|face ?id|touch ?id|button|screen|page|prices?)s?\b<20>(?:not "
        r"(?:work|load|updat|respon|open|show)|n't (?:work|load|updat|open|show)|\bdown\b|"
        r"offline|broken|error|fail|freez|slow)",
    ),
    (
        "H2",
        2.0,
        r"\b(?:network|connection|connect|system|server|internet|unknown)\b<4>(?:error|fail|"
        r"issue|problem|unstable|lost|timeout)|\berror (?:code|message|\d{3})",
    ),
    ("H2", 1.3, r"\b(?:after|since|latest|new|last|recent|this)<10>\b(?:update|version)\b"),
    (
        "H2",
        1.6,
        r"\b(?:can'?t|can ?not|unable|not able|won'?t|wont|not let|n't let)\b<14>\b(?:log ?-?"
        r"in|login|sign ?in|open|register|sign ?up|download|install)\b|\blogin (?:fail|"
        r"problem|issue|error)",
    ),
    (
        "H1",
        2.2,
        r"\bstop[- ]?loss<35>(?:not|n't|fail|trigger|ignor)|\b(?:order|trade|position)s?<15>"
        r"(?:not|n't|fail\w*|didnt)<12>(?:execut|fill|clos|trigger|process)",
    ),
    ("H1", 1.0, r"\bliquidat"),
    ("H4", 2.4, r"\bdelist"),
    (
        "H3",
        1.9,
        r"\b(?:bonus|rewards?|referral|promo\w*|airdrop|voucher|cash ?back|blind box)\b<40>"
        r"(?:not|n't|never|didnt|missing|refus|nothing)",
    ),
    # I: how the desk itself behaved; usually a second complaint beside the first.
    (
        "I1",
        1.9,
        r"\b(?:customer|client|tech\w*|live)? ?(?:support|service|care|chat|help ?desk)\b<30>"
        r"(?:not|n't|never|useless|terrible|horrible|worst|awful|slow|bad\b|joke|poor|"
        r"non[- ]?exist|zero|rubbish|appalling|shocking|pathetic|unresponsive|ignor|suck)",
    ),
    (
        "I1",
        1.9,
        r"\b(?:no|zero|worst|terrible|horrible|awful|poor|bad|useless|lack of|non[- ]?"
        r"existent|pathetic|rubbish|appalling|shocking)<8>\b(?:customer|support|service|"
        r"response|reply|communication)",
    ),
    (
        "I1",
        1.3,
        r"\b(?:no ?one|nobody|never|not|n't|no|dont|doesnt)\b<12>\b(?:repl(?:y|ied|ies)|"
        r"respon\w+|answer\w*|get back|got back|help(?:ed|ing)? me)",
    ),
    (
        "I1",
        1.1,
        r"\b(?:chat ?bots?|robots?|automated|canned|copy[- ]paste|bots?)\b<14>(?:repl|respon|"
        r"answer|e-?mail|message)",
    ),
    ("I2", 1.8, r"\b(?:different|contradict\w*|conflicting)<10>\b(?:answers?|agents?|things|repl)"),
    (
        "I4",
        2.2,
        r"\b(?:agent|staff|representative|support|employee)s?\b<20>\b(?:rude|hung up|insult|"
        r"arrogant|unprofessional|laughed|yelled)",
    ),
    (
        "I3",
        2.0,
        r"\bsupport\b<25>\b(?:in my language|only english|speak)|\bscreen ?reader|\bdeaf\b",
    ),
    # J: reports about many people at once.
    (
        "J4",
        2.4,
        r"\bdata (?:leak|breach)|\bleak\w*<14>\b(?:data|info\w*|details|e-?mails?|number)|"
        r"\bsold<8>\b(?:my|our|user|customer)<8>\b(?:data|info|details|number)",
    ),
    ("J5", 2.2, r"\bde-?peg|\bbank run|\binsolven"),
    ("J3", 2.4, r"\b(?:credited|received)<20>\b(?:too much|by mistake|double|extra)"),
    (
        "J1",
        2.2,
        r"\b(?:many|several|lots of|other) (?:users|customers|people)\b<35>(?:phish|same "
        r"(?:link|sms|site|message))",
    ),
    ("J2", 2.6, r"\bcredential stuffing|\b(?:hundreds|thousands|waves?) of<12>\blog-?in"),
    (
        "J6",
        2.4,
        r"\b(?:all|many|dozens|hundreds)<14>\b(?:of us|users|customers|accounts)\b<20>(?:froze|"
        r"flagged|restricted|blocked)\w*<20>(?:same|at once|today|since)",
    ),
    # K: the identity check; codes sent to a phone belong to D.
    ("K", 2.2, r"\bkyc\b|\bknow your customer"),
    (
        "K1",
        2.4,
        r"\bverif(?:y|ied|ying|ication)<12>\b(?:identity|id|documents?|passport|licen[cs]e|"
        r"photo|selfie|identification)\b|\b(?:identity|id|document|passport|photo|"
        r"identification)<4>\b(?:verif|check|scan|authenticat|upload|proof)\w*"
        r"(?! ?(?:code|e-?mail|sms|text))",
    ),
    (
        "K2",
        2.6,
        r"\bselfie|\b(?:face|facial)<4>\b(?:recogn|verif|scan|authenticat|check|detect)\w*|"
        r"\bliveness",
    ),
    (
        "K3",
        1.8,
        r"\bverif(?:y|ied|ying|ication)s?\b(?!<4>(?:code|e-?mail|sms|text|link))<22>(?:fail|"
        r"reject|pending|declin|not|n't|unable|stuck|takes?|taking|days|weeks|problem|"
        r"complicat|impossible|process|ages|long)",
    ),
    (
        "K",
        1.8,
        r"(?:fail|can'?t|cannot|unable|not|n't|trying|tried|impossible|won'?t|wont)\w*\b<18>"
        r"\b(?:verify|verified|be verified)\b(?!<4>(?:code|e-?mail|sms|text|link))",
    ),
    (
        "K1",
        1.3,
        r"\bpassport|\bdriv\w+'?s? licen[cs]e|\bnational id|\bid card|\bvoter|\bnin\b|"
        r"\bssn\b|\bresidence permit|\b(?:my|photo) id\b|\bproof of address|\butility bill",
    ),
    (
        "K4",
        1.2,
        r"\b(?:country|nationality|citizen)\w*<25>(?:not (?:support|list|accept)|n't "
        r"(?:support|list|accept))",
    ),
    # N: opinions, wishes, praise.
    (
        "N1",
        1.0,
        r"\b(?:best|great|excellent|amazing|awesome|love|wonderful|perfect|easy to use|"
        r"user[- ]friendly|fantastic|brilliant|superb|highly recommend|reliable)\b",
    ),
    (
        "N2",
        1.8,
        r"\b(?:fees?|commissions?|spreads?|charges)\b<16>\b(?:high|expensive|too much|insane|"
        r"ridiculous|crazy|low|cheap|rip|outrageous|huge|absurd|lower)|\b(?:high|expensive|"
        r"insane|crazy|ridiculous|low|cheap|hidden|outrageous|huge|lower|reduce)<10>\b(?:fees?"
        r"|commissions?|spreads?|gas)\b",
    ),
    (
        "N3",
        1.8,
        r"\b(?:please|pls|plz|kindly|would be|wish|hope|should|need to|could you|can you)\b"
        r"<14>\b(?:add|include|list|implement|bring back|improve|create|make it)|\bdark mode|"
        r"\bfeature request|\bmissing feature",
    ),
    (
        "N4",
        1.3,
        r"\b(?:lost|lose|losing)<22>\b(?:trading|trades?|market|leverage|futures|bet)\b|"
        r"\bmanipulat|\bpump and dump|\bwicks\b",
    ),
    # X: somebody sells something. The recovery expert is told by praise plus a contact.
    (
        "X1",
        2.6,
        r"\b(?:referral|invite|invitation|ref|promo|discount|bonus|sign ?-?up)<3>\b(?:code|"
        r"link|id)\b(?!<30>(?:not|n't|never|fail|invalid|didnt|doesnt))",
    ),
    ("X1", 2.8, r"\buse\b<14>\b(?:code|link)\b|\bmy (?:code|link|ref|referral)\b|\bcode ?[:：]"),
    (
        "X2",
        5.0,
        r"\b(?:recover|retriev|got back|get back|refund|help(?:ed|s)? me)\w*<90>(?:whats ?app|"
        r"telegram|gmail|instagram|@\w|\bcontact (?:him|her|them)|hacker|expert|specialist|"
        r"\.(?:com|org|net|tech)\b)(?=<90>(?:contact|whats ?app|telegram|gmail|@|recover|\+|"
        r"\d{6}|reach|\.com|thank|recommend))",
    ),
    (
        "X2",
        4.0,
        r"\b(?:hackers?|recovery (?:expert|specialist|agent|wizard|hacker))\b<60>(?:contact|"
        r"whats ?app|telegram|@|gmail|reach|recommend|legit)",
    ),
    (
        "X3",
        3.2,
        r"\b(?:whats ?app|telegram|wechat|line|viber|dm|inbox|text|message)<10>(?:\+?\d[\d -]"
        r"{6,18}|@\w{3,}|t\.me|wa\.me)|\bt\.me/|\bwa\.me/",
    ),
    (
        "X3",
        2.4,
        r"\bjoin (?:my|our|us)<14>\b(?:group|channel|team|telegram|discord|community)|"
        r"\bonline casino|\bbetting site",
    ),
    (
        "X3",
        2.2,
        r"\b(?:earn|mak(?:e|ing)|profit)s?<14>\$? ?\d[\d,.]*k?<14>\b(?:daily|weekly|a (?:day|"
        r"week)|per (?:day|week)|every (?:day|week))",
    ),
    # ?: an insult or a sigh without a fact; the right answer is to ask.
    (
        "?",
        2.6,
        r"\A\W*(?:(?:this|it|the|app|is|a|an|it'?s|totally?|complete|big|biggest|fucking|just|"
        r"pure|very|are|they|you|all|these|people|company|exchange|of|ever|absolute|such|real|"
        r"don'?t|use|download|avoid|stay|away|from|beware|do|not|guys|please)\W+){0,9}(?:scam|"
        r"scams|scammers?|scamming|frauds?|fraudsters?|thie(?:f|ves|fs)|thief'?s|crooks?|"
        r"trash|garbage|shit|crap|rubbish|useless|criminals|worst|terrible|horrible|fake|bad|"
        r"robbers|joke|liars)\W*(?:(?:app|apps|exchange|company|platform|ever|scam|on|earth|"
        r"people|here|it|at|all|thieves|liars|and|experience)\W*){0,6}\Z",
    ),
)

"""Words that say nothing about what a message is about, and words that must not stand in a label.

The public stop lists drop "not", "open", "problem" and "无法", which are the substance of a complaint; so Chinese and
English have lists of their own, while other languages use stopwordsiso. Pure.
"""

from functools import lru_cache

import stopwordsiso


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


ENGLISH = _listed(
    """
    a about above actually after again ago all almost along already also although always am among an and
    another any anybody anymore anyone anything anyway anywhere are around as at away back be became
    because become been before being best better between big bit both but by came can come coming could
    day days did do does doing done down during each either else enough especially etc even ever every
    everybody everyone everything far few first for from further gave get gets getting give given gives
    giving go goes going gone gonna good got great guys had happen happened happening has have having he
    hello hey hi help her here hers herself him himself his how however hopefully i i'd i'll i'm i've id
    ill im ive if in instead into is it it'd it'll it's its itself just keep keeps kept kind know knew
    last lately later least less let long let's like little ll look looking looks lot lots made make
    makes making many may maybe me mean means might mine month months more most mostly much must my
    myself near need needed needs new next nice now of off often oh ok okay old on once one ones only
    onto or other others otherwise our ours out over own perhaps please pls plz possible possibly
    probably put quite rather re really recently right said same saw say saying says see seem seems seen
    she should since sir so some somebody somehow someone something sometimes somewhere soon sort still
    stuff such sure take taken takes taking tell than thank thanks that that's thats the their theirs
    them themselves then there there's these they they're thing things think this those though thought
    through thus till time times to today together told tomorrow tonight too took toward towards tried
    tries try trying two u under until up ur upon us use used using usually ve very via want wanted
    wanting wants was way we we're week weeks well went were what what's whatever when whenever where
    whether which while who whole whom whose why will wish with within would yeah year years yes
    yesterday yet you you're you've your yours yourself yourselves dear team hope kindly wondering
    wonder three four five ten hour hours minute minutes second seconds guess literally basically simply
    wow omg bro yo
    """
)

CHINESE = _listed(
    """
    的 了 着 过 地 得 之 是 在 有 和 与 及 或 而 但 但是 可是 不过 然而 因为 所以 因此 如果 要是 虽然
    虽说 还是 还 还有 也 也是 都 就 就是 才 再 又 很 太 更 最 挺 蛮 比较 非常 特别 真 真的 真是 实在
    确实 其实 好像 似乎 可能 应该 一定 当然 反正 到底 究竟 我 我们 咱 咱们 你 你们 您 他 她 它 他们 她们
    它们 自己 大家 人家 别人 谁 这 那 这个 那个 这些 那些 这样 那样 这么 那么 这里 那里 这种 那种 什么
    怎么 怎样 怎么样 为什么 为啥 哪 哪里 哪个 几 多少 多 一 一个 一些 一下 一点 一样 一直 一次 一种 一会
    一会儿 有点 有些 个 次 种 些 点 下 上 里 中 内 外 前 后 时 时候 以后 之后 之前 以前 现在 今天 昨天
    明天 刚才 刚刚 已经 曾经 马上 立刻 总是 老是 经常 从 自 自从 到 向 往 对 对于 关于 把 将 被 让 给 叫
    使 用 以 按 按照 根据 为 为了 由 由于 跟 同 比 像 如 等 等等 吧 吗 呢 啊 呀 哦 嗯 哈 哈哈 哎 唉 嘛
    啦 哇 喔 么 诶 而已 罢了 来 去 来说 起来 下来 上来 出来 要 想 会 能 可以 可 请 麻烦 谢谢 请问 希望
    觉得 感觉 认为 知道 看到 看 说 做 弄 搞 是不是 有没有 能不能 可不可以 请求 您好 你好 大 小 多久 天
    年 月 日 号 分钟 小时 秒 星期 半天 两 三 四 五 六 七 八 九 十 百 千 万 第一 二 几个 所有 每 每个
    每次 各 某 另外 其他 其它 以及 并 并且 而且 甚至 只 只是 只有 只要 只能 居然 竟然 突然 忽然 本来
    原来 然后 接着 最后 终于 结果 反而 越来越 进行 通过 方面 情况 东西 事情 事 人 之类 谢 亲 亲们 店家
    哥 姐 朋友 时间 里面 上面 下面 后来 直接 完全 根本 起 过去 过来 还要 还会 还能 都是 也不 就不 都不
    我的 你的
    """
)

# Negations turn a word into a complaint: they may begin a phrase, and a phrase with one is preferred.
NEGATIONS = _listed(
    """
    not no never cannot can't cant don't dont doesn't doesnt didn't didnt won't wont isn't isnt aren't
    wasn't weren't haven't havent hasn't hasnt hadn't wouldn't couldn't couldnt shouldn't without unable
    nothing nobody neither none 不 没 没有 无 无法 不能 不会 不让 不给 不了 不到 不上 不出 不见 不动
    不开 不住 不完 不好 没法 没人 未 别 不是 不准 不理 不行 收不到 打不开 看不到 找不到 听不见 登不上
    听不到 上不去 进不去 刷不出 用不了 看不了
    """
)

# Negations that complete the verb before them (登录不了): a phrase cannot begin with one.
COMPLEMENTS = _listed("不了 不上 不出 不见 不动 不开 不住 不完")

# After a negation these say that nothing is wrong ("no issues", "not bad"): not a name for a complaint.
REASSURING = _listed(
    """
    bad issue issues problem problems complaint complaints worries trouble difference
    问题 毛病 意见 关系 影响 坏
    """
)

# "Log in" and "cash out" are one verb; without its second word the phrase is incomplete.
PARTICLES = _listed(
    """
    in out up off down on
    """
)
PARTICLE_VERBS = _listed(
    """
    log logs logged logging sign signs signed signing cash cashed top topped turn turned turns opt set
    pick show shows check shut shuts pop pops block blocked back cut cuts lock locked hang hangs hung
    freeze freezes power
    """
)

# Words at which one clause ends and another begins without a comma.
CONNECTIVES = _listed(
    """
    but and because cause cuz coz when whenever if since although though however then while until or
    except unless therefore 但是 但 可是 不过 然而 因为 所以 因此 如果 要是 虽然 虽说 而且 并且 然后 接着
    最后 结果 甚至 另外 还有 以及 只是 就是 于是
    """
)

# These introduce a time or a condition: not the complaint itself, but when it occurs.
CONDITIONS = _listed("when whenever if since although though while until unless 如果 要是 虽然 虽说")

# Greetings, pleading and padding at either end of a clause: not part of what it says.
FILLERS = _listed(
    """
    so please pls plz plss plzz plese pleas plx dear hi hello hey team sir sirs madam mam maam bro guys kindly
    also just well ok okay thanks thank thx thankyou yes oh wow lol omg btw honestly actually really
    basically literally overall otherwise anyway 请 麻烦 请问 您好 你好 其实 感觉 觉得 我觉得 个人 个人感觉
    真的 希望 谢谢 总之 反正 首先 其次 总体 总体来说 总的来说 还 也 又 都 而
    """
)

# Chinese endings that add tone but no meaning.
TRAILING = _listed("啊 吧 呢 呀 啦 嘛 哦 哈 哎 唉 了 的 吗 咯 噢 耶 ~")

# These bind a word to the next one: no phrase begins after or ends before one.
MODIFIERS = _listed("的 得 地 之")

# Subjects, which start a clause of their own: a phrase that contains one must include that clause to its end.
SUBJECTS = _listed("i i'm i've i'll i'd im ive we he she they they're we're you you're it's its it")

# An English phrase that ends with one of these is incomplete.
DANGLING = _listed(
    """
    a an the my your our their his her its this is are was were am be been to of for in at with by from than
    as that very so too i'm it's its i we he she they can could will would should do does did has have even
    """
)

# An English phrase that begins with one of these lacks its beginning: "for feedback", "by bus".
LEADING = _listed("for of by from with in at on to than as into onto about")

# The same in Chinese: these quote what the screen says (提示密码错误) or continue another clause (随后打电话问客服,
# 就叫了服务员).
LEADING_CHINESE = _listed("提示 显示 说 就 才 再 随后 然后 后来 接着 恐怕 以及 也 还 都 是")

# No Chinese phrase ends with one: 生日订蛋糕什么|的.
DANGLING_CHINESE = _listed(
    "什么 怎么 哪些 比 给 把 被 跟 和 与 对 从 在 是 就 才 再 很 太 更 最 之 一个 这个 那个 其"
)

QUESTIONS = _listed(
    "how what why where when who which whose 怎么 什么 为什么 哪里 哪 如何 怎样 为何 谁 多少 几"
)

# What was, or since when, says little about what is wrong now: "search used to be good", "started a month ago".
BYGONE = _listed("ago formerly previously roughly approximately 以前 从前 之前 原来 原先 本来 当初 曾经 起初")

# What customers tried is not what is wrong: "I've reinstalled it", 重启|也没用.
REMEDIES = _listed(
    "uninstalled uninstalling reinstall reinstalled reinstalling rebooted restarted restarting"
)
REMEDIES_CHINESE = _listed("重启 重装 卸载 重新启动 重新安装 重新登录 换手机 清缓存")
IN_VAIN = _listed("也 都 还是 没用 不行 无效 依然 依旧 仍然 了 过 后 好多次")

# A version alone only says since when: "new update", 更新到最新版.
VERSIONS = _listed(
    "update updates updated updating version versions latest new newest 更新 升级 版本 最新 最新版 新版 新版本"
)

# Before the subject these form a question: "when is" begins one, and "reviews does" was cut out of one.
ASKING = _listed(
    """
    is are was were am do does did has have had can could will would should may might must isn't aren't wasn't weren't
    don't doesn't didn't hasn't haven't can't couldn't won't wouldn't shouldn't
    """
)
INVERTED = _listed("do does did")
# These may stand between the verb of a question and its subject: "does my car have".
DETERMINERS = _listed("a an the my your our their his her this that these those any")
# With "how" these form a question: without them, "money is in my account" would be a statement.
AMOUNTS = _listed("much many long often far old soon")

# Small verbs that turn an English phrase into a sentence but do not name a complaint.
FINITE = _listed(
    """
    is are was were am be been has have had does did do can could will would should keeps keep kept gets
    got goes went makes made says said needs need want wants takes took gives gave let lets it's i'm
    there's that's love loves loved like likes liked hate hates looks feels sounds comes stays work works
    """
)

# Small verbs that only say that there is something: "I have a payment on my statement".
OWNING = _listed("have has had")

# Frequent verbs of complaints and requests; a label with a verb says what happens, not only to what.
VERBS = _listed(
    """
    add allow appeal apply arrive arrived ask ban banned block blocked bought broke broken bully buy
    cancel canceled cancelled change changed charge charged cheat claim close closed closes connect
    contact crash crashed crashes crashing declined delay delayed delete deleted deliver delivered
    denied deposit disappear disappeared download drains earn enable error exchange expired fail failed
    failing fails fix fixed flicker forgot freeze freezes frozen hacked hang harass heat hot ignore
    ignored ignores install invite kick lag lags lagging leak load loading lock locked login logout lose
    lost match miss missing mute muted open overheat overheats pay pending play post receive received
    recover refund refunded refuse register reject rejected reload remove removed replace reply report
    reset restart restore restrict return returned scam scan scroll search send sent setup share ship
    shows shut slow sound spam spin start stole stolen stop stopped stops stuck stutter suspend
    suspended switch sync top-up track transfer transferred unblock unfreeze uninstall unlock update
    updated upgrade upload verify verified wait waiting watch withdraw
    """
)

# Never shown in a label: abuse, and the names of the product and its competitors, which are in every second message.
SWEARING = _listed(
    """
    fuck fucking fucked fuckin shit shitty bullshit bitch bastard asshole ass damn crap dick cunt whore
    slut retard idiot idiots stupid wtf stfu bloody 傻逼 煞笔 沙比 傻叉 妈的 他妈 他妈的 特么 尼玛 你妈
    操 艹 卧槽 我操 狗屁 垃圾 滚 傻 贱 婊子 王八蛋 混蛋 脑残 智障 狗 屎 鸡巴 去死
    """
)
BRANDS = _listed(
    """
    tiktok tik tok tiktok's douyin kuaishou bilibili youtube instagram facebook whatsapp wechat snapchat
    twitter netflix 抖音 快手 微信 微博 哔哩哔哩 b站 小红书 视频号 西瓜 火山 淘宝 京东 美团 知乎
    """
)
UNFIT = SWEARING | BRANDS

# Praise, and words that may accompany it without saying what is praised. The Chinese entries include parts of words.
PRAISE = _listed(
    """
    good great nice best better cool super superb amazing awesome excellent perfect wonderful fantastic brilliant
    outstanding incredible beautiful lovely fabulous fine love loves loved loving like likes liked enjoy enjoyed
    enjoying happy satisfied pleased favourite favorite useful helpful recommend recommended star stars thumbs
    congratulations respect gr8 luv yyds
    """
)
PRAISED_THINGS = _listed("app apps application applications software program platform service product page")
PRAISE_CHINESE = _listed(
    """
    好用 好评 很棒 真棒 太棒 棒 不错 喜欢 满意 完美 优秀 给力 厉害 点赞 赞 五星 推荐 支持 爱了 爱 强大 方便 好
    绝了 牛 yyds
    """
)
AROUND_PRAISE_CHINESE = _listed(
    """
    非常 特别 十分 超级 超 真的 真是 真 太 很 挺 蛮 比较 最 都 也 还 就是 是 一个 这个 这款 这 我 们 大家 觉得 感觉
    用着 用 起来 软件 平台 产品 应用 app 的 了 啊 呀 哦 哈 呢 吧 滴 得 一直 一如既往 强烈 继续 加油 值得 给
    """
)

# Neither praise nor complaint, and without a subject: "average", 中规中矩.
LUKEWARM = _listed(
    "average mediocre meh so-so ok okay okayish ordinary decent passable acceptable alright soso"
)
LUKEWARM_CHINESE = _listed(
    """
    还行 还可以 还好 还凑合 一般般 一般 中规中矩 凑合 马马虎虎 马虎 普普通通 普通 平平无奇 就那样 就这样 还成 随便看看
    过得去 说得过去 可以 无功无过
    """
)


# What customers say to support in the conversation itself: a greeting, thanks, wishes, a nudge, a nod, a test. A
# message of only these, function words and words for what support does has no subject.
TALK = _listed(
    """
    hi hello hey morning afternoon evening night bye goodbye cya regards sincerely cheers greetings welcome thanks
    thank thx ty tysm tnx thnx tks thankyou thanku appreciate appreciated grateful gratitude bless blessed luck wishes
    wishing sorry apologies excuse congrats alright ok okay okey okie okk kk yes yeah yep yup yea ya nope agreed
    understood noted confirmed correct roger done solved resolved sorted bump ping eta urgent urgently asap
    immediately anyone anybody patience patiently await awaiting test testing tested hm hmm hmmm uh um er huh ah aha
    haha hahaha lmao lol idk ikr nvm nevermind dunno 123 1234 12345 asdf asdfg asdfgh qwerty
    """
)
AROUND_TALK = _listed(
    """
    sure fine works worked copy received reply replied respond answer answered update updates updated news progress
    status follow following followup follow-up hurry quick quickly soonest patient reading read listening check
    checking checked look looked support agent admin moderator mod staff colleague customer service care request
    days hours weeks requested query enquiry inquiry message messages mail email ticket case
    """
)
TALK_CHINESE = _listed(
    """
    谢谢 谢谢您 谢谢你 多谢 感谢 感激 感恩 辛苦 辛苦了 劳驾 有劳 拜托 求求 不好意思 抱歉 对不起 打扰 打扰了
    您好 你好 在吗 在不在 有人吗 有人 早上好 上午好 中午好 下午好 晚上好 早安 晚安 再见 拜拜 祝 祝福 祝您
    祝愿 好的 好滴 好吧 好了 嗯 嗯嗯 哦 哦哦 明白 明白了 收到 搞定 催 催催 催一下 顶 顶一下 打卡 路过 沙发
    占位 留名 签到 冒泡 急 着急 急急急 加急 紧急 进展 测试 点错 点错了 发错 发错了 手滑 误点 哈哈 哈哈哈
    哈哈哈哈 呵呵 嘿嘿 嘻嘻
    """
)
AROUND_TALK_CHINESE = _listed(
    """
    有 在线 人工 客服 小姐姐 小哥哥 工作人员 管理员 生活愉快 愉快 顺利 新年快乐 节日快乐 快乐 了解 没事
    没问题 确认 同意 对 是 是的 好 解决 处理 恢复 成功 尽快 尽早 快 快点 赶紧 抓紧 进度 消息 答复 回复 回答
    反馈 反映 咨询 询问 问 看看 看一下 看下 查 查看 查一下 查询 核实 跟进 关注 留意 等 等待 等候 耐心 试
    试试 试一下 问题 有事 天 小时 礼拜 星期
    """
)


@lru_cache(maxsize=32)
def stop_words(language: str) -> frozenset[str]:
    """Return the words of ``language`` (a code such as ``zh``) that carry no subject; empty for an unknown one."""
    if language == "en":
        return ENGLISH
    if language == "zh":
        return CHINESE | ENGLISH
    return frozenset(stopwordsiso.stopwords(language)) if stopwordsiso.has_lang(language) else frozenset()

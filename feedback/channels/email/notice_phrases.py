"""Phrases of mail servers and auto-responders, in the languages they use. Tables, no logic."""

from __future__ import annotations

from feedback.channels.email.phrases import line_pattern, one_of

AUTOMATIC_SUBJECT = line_pattern(
    r"^\s*(?:(?:re|回复|答复)\s*[:：]\s*)?[\[【(（]?\s*(?:"
    + one_of(
        r"""
        auto(?:matic|mated)?[- ]?(?:reply|response|answer|responder)\s*(?:[:：\]】)）\-]|$|from\b|re\b)
        auto\s*[:：]|ooo\s*[:：\]】)）]
        out of (?:the )?office\s*(?:[:：\])\-]|auto|reply|re:|$)
        i(?:'m| am) (?:currently )?(?:out of|away from)
        (?:on )?vacation\s*(?:[:：]|reply|response|auto)|away from (?:my|the) (?:office|mail|desk)
        (?:自动|自動)(?:回复|答复|回信|应答|回覆|回復|答覆|応答|返信)\s*(?:[:：\]】)）\-]|$)
        (?:假期|休假|外出|离开)(?:自动|自動)(?:回复|答复|回覆)
        (?:休假|外出|不在办公室|不在辦公室)(?:通知|中)?\s*(?:[:：\]】]|$)|不在(?:通知|にして|です)
        automatische (?:antwort|abwesenheit)|abwesen(?:d|heit(?:s\w+)?)\s*(?:[:：]|$)|nicht im (?:büro|hause)
        réponse automatique|(?:message d['’])?absen(?:ce|te?)(?: du bureau)?\s*(?:[:：]|$)
        ausência (?:temporária|do escritório)|respuesta autom[aá]tica|fuera de (?:la )?oficina
        risposta automatica|fuori (?:sede|ufficio)|resposta autom[aá]tica|fora do escrit[oó]rio
        автоответ|автоматический ответ|자동 ?(?:응답|회신|답장)|부재 ?중|(?:ال)?رد (?:ال)?تلقائي|خارج المكتب
        automatisch antwoord|afwezigheid|autosvar|automatiskt? svar
        automatyczna odpowiedź|odpowiedź automatyczna|automatická odpov[eě]ď
        otomatik (?:yanıt|cevap)|automaattinen vastaus|tự động trả lời|balasan otomatis
        """
    )
    + r")|^.{0,200}[(（【\[](?:自动回复|自動回覆|auto(?:matic)?[- ]reply|out of office)[)）】\]]\s*$"
)
# The local part of the senders of such mail.
BOUNCE_SENDER = line_pattern(
    r"^(?:[^@]{0,40}[-_.+=])?(?:mail(?:er)?[-_.]?daemon|postmaster)[^@]{0,40}@"
    r"|^(?:mdaemon|mmdf|bounces?(?:[-+_.=].*)?|microsoftexchange[0-9a-f]*)@"
    r"|^[^@]{0,40}mail[-_. ]?deliver[^@]{0,40}@|^delivery[-_.]?(?:sub)?system[^@]{0,40}@"
)
BOUNCE_NAME = line_pattern(
    r"^(?:mail delivery (?:sub)?system|mailer-daemon|postmaster|system administrator|mail administrator"
    r"|(?:mail )?delivery (?:subsystem|notification|service)|系统退信|邮件(?:系统|管理员)|郵件(?:系統|管理員)"
    r"|メール配[信送]システム|mail delivery service)"
)
# Gateways and scanners bounce under names that people may use too: both subject and text must match.
GATEWAY_SENDER = line_pattern(
    r"^(?:[^@]{0,60}[-_. ])?(?:\"?system|admin(?:istrator)?|smtp|imss|gateways?|anti-?virus|mail(?:gate|server|system)?"
    r"|no-?reply|root|server|mta)(?:[-_. ][^@]{0,60})?@"
)
BOUNCE_SUBJECT = line_pattern(
    r"^\s*[\[【]?\s*(?:"
    + one_of(
        r"""
        (?:系统)?退信|邮件(?:系统)?退[信回]|邮件被退回|来自.{1,20}的退信|退件通知
        (?:邮件|郵件)?(?:投递|发送|传输|傳送|傳遞|传递|寄送)(?:失败|失敗|状态|狀態)
        (?:您的|你的)?(?:邮件|郵件|信件|消息).{0,12}(?:无法|未能|無法|不能|没有)(?:被)?(?:投递|送达|发送|送達|寄達|传递|傳遞)
        (?:無法|无法|未能)(?:傳遞|投遞|寄送|投递|送达|传递)|未传递|未送达|未傳遞|邮件未送达|发信失败|發信失敗
        undeliver(?:ed|able)|returned mail|failure notice|non-?deliver(?:y|able)
        (?:permanent |\[postmaster\] ?)?(?:email |mail )?delivery (?:status notification|failure|has failed)
        (?:mail )?delivery (?:report|notification|problem|incomplete)|failure delivery|message status - undeliv
        mail failed|mail not delivered|automatically rejected mail|returned to sender|nondeliver(?:y|able)
        mail (?:delivery (?:failed|failure|problem|subsystem|system|error|report|status)|system error)
        mail could not be delivered|failed (?:delivery|mail)|message (?:not|undeliver|delivery failure)
        message could not be delivered
        unzustellbar|nicht zustellbar|(?:fehlgeschlagene )?zustellung fehlgeschlagen|non remis
        échec de (?:la )?(?:remise|distribution)|no se puede entregar|no entregado
        (?:mensagem )?não entregue|falha na entrega|mancato recapito|non recapitabile
        недоставленн|не доставлено|ошибка доставки|配信(?:不能|エラー|失敗)|配達不能|未配信
        전송 ?실패|반송|배달(?:되지| 실패|할 수)|onbestelbaar|niet bezorgd|teslim edilemedi|olevererbart
        """
    )
    + ")"
)
# What the text of such mail says in its first lines.
UNDELIVERED = line_pattern(
    one_of(
        r"""
        (?:could|can|did|was|were|has|have|had|is)\s?(?:not|n['’]t)(?: yet)?(?: be| been)? (?:deliver|reach|receive)
        (?:unable|not able|n['’]t able|failed|failure|impossible) to (?:deliver|reach|send|relay)
        undeliver(?:able|ed)|non-?delivery|cannot be (?:delivered|sent|reached)|delivery has failed
        deli?very (?:to |of |for )?.{0,80}(?:failed|aborted|unsuccessful)
        delivery (?:error|failure)|permanent(?: fatal)? (?:delivery )?(?:error|failure)
        fail(?:ed|ure) (?:recipient|address|deliver)|returned mail
        (?:mail|message) .{0,30}(?:has been|is being|was) returned
        (?:no such|unknown|invalid|bad) (?:user|recipient|mailbox|address|account|host)
        (?:user|recipient|mailbox|host|domain) (?:is )?(?:unknown|not found|unavailable|full|disabled|over ?quota)
        (?:user|recipient|mailbox|account|address).{0,60}(?:(?:does|do)(?: not|n['’]t) exist|over ?quota|is full)
        exceed(?:ed|s|ing) .{0,30}quota|quota (?:exceeded|limit)|no valid recipients
        (?:message|e?-?mail) (?:was|has been|is) (?:automatically )?(?:rejected|refused|blocked|bounced)
        (?:无法|未能|不能|没有)(?:被)?(?:成功)?(?:投递|送达|发送|传递|递送|到达)|(?:投递|发送|传输)(?:失败|不成功)
        退信|被?退[回件]|拒收|邮箱(?:已满|不存在|空间不足|地址错误)
        (?:收件人|用户|帐号|账号)(?:地址)?(?:不存在|未找到|错误)
        (?:無法|未能)(?:傳遞|投遞|寄送|送達|傳送)|(?:投遞|傳送|寄送)失敗|信箱已滿|(?:收件人|使用者)不存在
        配信(?:できません|不能|に失敗|されません)|届けることができません|送信(?:でき|する?ことができ)ません
        宛先.{0,10}(?:不明|見つかりません)
        (?:전송|배달|전달)(?:되지 ?않|에 ?실패|할 ?수 ?없|하지 ?못)|반송
        nicht (?:zugestellt|zustellbar|ausgeliefert)|unzustellbar|zustellung .{0,40}(?:fehlgeschlagen|nicht möglich)
        n['’]a(?: pas)? (?:pas )?(?:pu|été|pu être|pu etre) .{0,20}(?:remis|d[ée]livr|distribu|achemin)|non remis
        no (?:se )?(?:ha podido|pudo|puede|ha sido|fue) (?:ser )?entreg|no entregad|não (?:foi|pôde|pode) .{0,20}entreg
        non (?:è stat[oa]|può essere|ha potuto) .{0,20}(?:consegn|recapit)|mancat[oa] (?:consegna|recapito)
        не (?:может быть |был[оа]? |удалось )?доставл?(?:ен|ить)|nie (?:został[ao]?|mogła|można|udało).{0,20}dostarcz
        niet (?:worden )?(?:bezorgd|afgeleverd)|teslim edil(?:e)?me|(?:kunde inte|kunne ikke) leveres
        nelze doručit|nebyl[ao]? doručen|không (?:thể )?(?:gửi|chuyển) được
        """
    )
)
# The line above the addresses that could not be reached.
RECIPIENTS_FOLLOW = line_pattern(
    r"(?:recipient|address|following(?! reason)|delivered to|receive|rejected|failed|undeliver"
    r"|收件人|地址|用户|empfänger|destinat[aá]ri|destinataire|получател|адрес|宛先|あて先|받는|수신자).{0,80}[:：-]{1,40}$"
)
# A line of such mail about a person who was not its recipient.
OTHER_PEOPLE = line_pattern(
    r"^\W{0,10}(?:from|sender|reply-to|return-path|envelope-from|mail from|message-id|cc|date|von|de"
    r"|发件人|發件人|寄件者)\b"
    r"|(?:mail|message)s? from|sent by|contact|please|mailto:|assistance|help ?desk|abuse@|visit"
    r"|try (?:e?mail|send)|请联系|聯絡|如有疑问"
)
DELAYED_SUBJECT = line_pattern(
    r"delay(?:ed)?\b|still being retried|not yet (?:been )?delivered|could not send message for past"
    r"|延迟|延遲|延误|暂未|暫未|verzögert|retardé|retrasad|задерж|지연"
)
# The text of a notice that announces another attempt.
RETRIES = line_pattern(
    one_of(
        r"""
        not yet been delivered|still being retried|(?:has been|was|is|been) (?:postponed|delayed|deferred)
        (?:will|we['’]ll|shall) (?:continue|keep|be retried|try again|retry)
        (?:will|we['’]ll|shall) attempt (?:delivery|to (?:re-?)?(?:deliver|send|try))
        attempts? (?:to deliver .{0,60})?will (?:continue|be made)|(?:just|only) a warning|this is a warning
        (?:继续|繼續|再次|重新|稍后|稍後)(?:尝试|嘗試|重试|重試|投递|投遞|发送)|再送を(?:試み|続け)|再度送信
        weiter(?:e|hin)? (?:versuch|zustell)|nouvelle tentative|seguir[áa] intent|continuer[àa] a prov
        попытки .{0,40}продолж
        """
    )
)
GIVES_UP = line_pattern(
    r"permanent|(?:have|has|['’]ve|am|is) (?:given|giving) up|not going to try|not be retried|will not (?:re)?try"
    r"|放弃|放棄|永久"
)
# "Warning: message 1kX-0001 delayed 24 hours" (Exim)
DELAYED_WARNING = line_pattern(r"^warning: (?:message \S{1,60} delayed|could not send message)")
ENHANCED_STATUS = line_pattern(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
SMTP_CODE = line_pattern(r"(?<![\d.])([45]\d\d)(?:[ \-]|$)")

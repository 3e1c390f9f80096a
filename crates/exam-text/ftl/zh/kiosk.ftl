### The candidate's screens. The sentences under "exact words" are fixed by the design; do not reword.

## Exact words

kiosk-idle = 考位 { $seat }　自检正常　{ $time } 开放登录。请按桌贴就座，请勿按键。
kiosk-late-refused = 已过规定的入场时间，本机不能办理登录。请举手，由监考员处理。
kiosk-late = 你迟到 { $late } 分钟，按规定不补时：可用 { $left } 分钟，{ $time } 结束。按 Enter 开始。
kiosk-await-identity = 请将准考证和证件原件放在桌面上，等待监考员核验。
kiosk-declined = 你未同意承诺内容，暂不能参加考试。按 R 重新阅读，或举手联系监考员。
kiosk-await-start = 计划 { $time } 开考，以监考员宣布为准。开考后自动进入第1题，无需操作。
kiosk-await-start-due = 请稍候，等待监考员宣布开考。开考前不计时。
kiosk-hand-in-early = { $time } 起可以交卷，还有 { $wait }。可继续作答和检查。
kiosk-handing-in = 正在交卷：还有 { $count } 题等待服务器确认，请不要离开。
kiosk-handing-in-offline = 你已确认交卷，答卷已封存在本机，网络恢复后自动上交。请坐在原位，不要关机、不要离开。
kiosk-time-up-offline = 考试时间到，已停止作答。时间到之前的答案保存在本机，网络恢复后自动上交。请坐在原位，不要关机、不要离开。
kiosk-granted = 已补时 { $span }，结束时间 { $time }。
kiosk-part-changes = 第{ $ended }单元已结束，不能返回。第{ $next }单元「{ $title }」{ $minutes }分钟，按 Enter 开始（{ $seconds }秒后自动开始）。
kiosk-moved = 已恢复：{ $count } 题答案完整，回到第{ $number }题，剩余 { $left }。
kiosk-loss = 本考位中断 { $lost }，已补时 { $span }。如有异议，请当场举手。
kiosk-ended = 考试已由监考员终止，你的作答已保存。请听从监考员安排。
kiosk-evacuate = 请立即按监考员指令离开考场。答案已保存，计时已停止。
kiosk-stopped = 本场考试已中止，答案已封存，后续安排由考点通知。你不会被记为缺考。
kiosk-left-seat = 已离座，试题已隐藏，计时照常。返回后请等待监考员确认。
kiosk-seat-done = 考位 { $seat } 已交卷。请安静离场。

## Header

head-seat = 考位 { $seat }
head-system-time = 系统时间 { $time }
head-network-ok = 网络：正常
head-network-down = 网络：中断
head-left = 剩余 { $time }
head-left-hidden = 剩余时间已隐藏
head-until-start = 距开考 { $time }
head-item = 第{ $number }题/共{ $total }题
head-section = { $section } { $number }/{ $total }
head-page = 第{ $page }页/共{ $pages }页
head-saved = 已保存
tally-saved = 已保存 { $count } 题
tally-chosen = 已选 { $count } 题
head-rehearsal = 演练
head-clock-stopped = 时钟已停 { $time }

section-true-false = 判断题
section-single-choice = 单选题

## Check-in

login-title = 请登录
login-exam = { $date }  { $from }-{ $to }  （{ $minutes }分钟，{ $count }题，满分{ $points }分）
login-number = 准考证号
login-tail = 证件号码后{ $digits }位（末位是 X 的请输入 X）
login-number-short = 准考证号应为{ $want }位数字，还差{ $missing }位
login-tail-short = 证件号码应填后{ $want }位，还差{ $missing }位
login-enter = 登录
login-checking = 正在核对，请稍候。
login-compare-seat = 请核对：本机考位是 { $seat }。坐错考位请举手，不要登录。
login-no-server = 暂时连不上服务器，正在自动重试，请稍候。
login-opens = { $time } 开放登录
login-number-missing = 请输入准考证号（只有数字）。
connecting-title = 连接服务器
connecting = 正在连接服务器，请稍候。
demo-hint = 演示：准考证号 { $number }　后6位 { $tail }
demo-leave = 演示结束，按 Enter 退出。

check-line = 自检：
check-keyboard = 键盘
check-chinese = 中文显示
check-clock = 时钟
check-spool = 本机存储
check-server = 服务器
check-good = 正常
check-bad = 异常
check-press-key = 请按任意键
check-memory-only = 答案仅存内存
check-skew = 本机时钟相差 { $span }（仅供参考，考试以服务器时间为准）

## Confirm

confirm-title = 请核对本人信息
confirm-heading = 核对信息
confirm-ask = 信息完全正确请按 Y；任何一项不对请按 N。
confirm-recorded = 按 Y 后系统记录本次确认时间。
confirm-seat = { $seat }（与桌贴一致？）
confirm-minutes = { $minutes }分钟
confirm-wrong = 已通知监考员：信息有误。请坐在原位举手，等待监考员处理。

field-name = 姓名
field-number = 准考证号
field-document = 证件号码
field-exam = 考试科目
field-seat = 考位
field-minutes = 考试时长
field-accommodation = 特殊安排
accommodation-none = 无
accommodation-extra = 加时{ $percent }%

identity-title = 等待核验身份

## Undertaking

undertaking-title = 考场规则与承诺
undertaking-box = 承诺
undertaking-ask = 我已阅读并同意遵守以上规则，承诺独立完成考试。按 Y 同意。
undertaking-decline = 不同意请按 N，并举手联系监考员。
undertaking-read-on = 读完全部页面后可按 Y 同意。
undertaking-loading = 正在接收考场规则与承诺书，请稍候。

## Waiting

waiting-title = 等待开考
waiting-checked-in = 已签到 { $count }/{ $total }
waiting-paper-ready = 本机试卷已就绪（已加密）
waiting-paper-loading = 正在接收试卷（已加密）
waiting-undertaken = 已签署承诺 { $time }
waiting-opening = 已开考，正在打开试卷。
late-title = 迟到入场

## Question

question-choice = 你的选择：{ $choice }
question-no-choice = 你的选择：未作答
question-flagged = 标记：? 待检查
question-not-flagged = 标记：无
question-more = 还有下文 PgDn
question-read-on = 本题还有下文，请先按 PgDn 读完。
question-again = 再按一次 { $letter } 不会取消；按 Backspace 清除本题答案。
question-cleared = 已清除本题答案。
question-strike = 请按要排除的选项字母；再次排除即恢复。
question-struck = 已排除
question-first = 已是第一题。
question-last = 已是最后一题。按 F10 检查并交卷。
question-true = √ 正确
question-false = × 错误
question-true-plain = 正确
question-false-plain = 错误
goto-title = 跳题
goto-ask = 跳到第几题：
goto-none = 没有第{ $number }题，请输入 1 到 { $total }。
none-unanswered = 没有未答题。按 F10 交卷。
none-flagged = 没有已标记的题。
paste-dropped = 不能粘贴，已忽略 { $count } 个字符。
exit-ignored = 考试期间不能退出。需要帮助请举手。
language-fixed = 试卷打开后不能切换语言。

## Time

warn-minutes = 距考试结束还有 { $minutes } 分钟。
warn-last-minute = 距考试结束还有 1 分钟，时间到自动交卷。
time-up = 考试时间到，已停止作答，正在交卷。
time-up-title = 考试时间到
hold-title = 考试已暂停
hold-body = 暂停期间不计时，已保存的 { $count } 题答案安全。试题已隐藏，请坐在原位，不要交谈。

## Answer card

card-title = 答题卡
card-range = { $section } { $from }-{ $to }
card-totals = 已答 { $answered }   未答 { $unanswered }   标记 { $flagged }
card-current = 当前 第{ $number }题
card-legend = 图例：{ $none } 未答   B 已答（显示所选）   ? 已标记   [ ] 当前
card-filter-all = 显示全部
card-filter-unanswered = 只看未答
card-filter-flagged = 只看标记
card-progress = 已答 { $percent }%

## Review and hand-in

review-title = 检查与交卷
review-box = 答题情况
review-answered = 已作答
review-unanswered = 未作答
review-flagged = 已标记
review-total = 合计
review-no-marks = 未作答不得分
review-list-unanswered = 未作答：{ $list }
review-list-flagged = 已标记：{ $list }
review-list-none = 无
review-and-more = 等 { $count } 题
hand-in-again = 再次确认
hand-in-left = 还有 { $count } 题未作答。交卷后不能再修改。
hand-in-whole = 全部题目均已作答。交卷后不能再修改。
hand-in-type = 依次按 J、J，再按 Enter 确认交卷：
hand-in-cancel = Esc 取消
hand-in-title = 正在交卷
hand-in-sealing = 正在交卷，等待服务器确认，请不要离开。

## Receipt and result

receipt-title = 交卷成功
receipt-title-time-up = 考试结束
receipt-how = 交卷方式
receipt-time = 交卷时间
receipt-time-of = { $time }（服务器时间）
receipt-answered = 作答情况
receipt-answered-of = 已答 { $answered } 题 / 共 { $total } 题
receipt-code = 回执编号
receipt-digest = 答卷校验
receipt-acked = 服务器已确认收到你的全部答案。
receipt-keep = 无需抄写：回执已由考点留存，凭准考证号可查询。请安静离场。
receipt-later = 成绩按公告时间公布。
receipt-leave = 请保持安静，听从监考员指令离场。

result-title = 考试成绩
result-points = 得分 { $points } / 满分 { $full }
result-section = { $section }：{ $points } / { $full }
result-passed = 合格（{ $pass } 分及以上合格）
result-failed = 不合格（{ $pass } 分及以上合格）
result-pass = 合格
result-fail = 不合格
result-note = 成绩以考试机构正式公布为准。

## Away from the server and back

offline-banner = 网络中断 { $time }，可继续作答；答案保存在本机，恢复后自动上传。计时照常。
offline-memory = 本机存储不可用：答案仅存内存，请勿关机。请举手告知监考员。
online-again = 网络已恢复，正在上传 { $count } 题。
online-whole = 网络已恢复，全部答案已保存。
server-stopping = 服务器正在重启，约 { $seconds } 秒后恢复；可继续作答，答案保存在本机。
server-away = 服务器正在重启，马上恢复；可继续作答，答案保存在本机。
other-version = 本机程序与服务器版本不一致（本机 { $here }，服务器 { $there }）。请举手联系监考员。
paper-broken = 试卷未能正确打开。请举手，由监考员处理；计时问题由监考员按规定补偿。
broken-title = 试卷未能打开
version-title = 版本不一致
restored = 已从本机恢复 { $count } 条未上传的答案，正在上传。

## Help and the window

help-title = 按键说明
help-hand = 需要帮助请举手，由监考员处理。
small-title = 窗口太小，无法显示试题
small-size = 当前 { $width } 列 { $height } 行，至少需要 { $needwidth } 列 { $needheight } 行
small-answers = 已保存 { $saved } 题，待上传 { $count } 题
small-left = 计时照常：剩余 { $time }
small-call = 请举手联系监考员。
no-chinese = 本终端不能显示中文，已改用英文。请联系技术员。

### Faults the command reports. The value says what happened, .safe whether work is safe, .do what to do.

fault-label-safe = 数据：
fault-label-do = 请：

fault-not-a-terminal = 这不是终端：考试界面需要在终端窗口中运行。
    .safe = 没有改动任何数据。
    .do = 在终端窗口中直接运行本命令，不要用管道或重定向；无人值守的演练请加 --headless。
fault-too-small = 终端窗口太小：当前 { $width } 列 { $height } 行，至少需要 { $needwidth } 列 { $needheight } 行。
    .safe = 没有改动任何数据。
    .do = 放大窗口或缩小字号后再运行。
fault-terminal = 终端出错：{ $what }。
    .safe = 已保存和待上传的答案不受影响。
    .do = 重新运行本命令；如再次出现，请换一个终端程序。
fault-bank-missing = 找不到题库：{ $path }。
    .safe = 没有改动任何数据。
    .do = 检查路径；演练用的题库在 question-banks 目录中。
fault-bank-tampered = 题库内容与签名清单不一致：{ $file }。
    .safe = 该题库没有被使用，考试数据未受影响。
    .do = 不要使用这份题库；向签发单位重新索取，并报告此事。
fault-bank-signatures = 题库签名不足：需要 { $need } 个，有效 { $have } 个。
    .safe = 该题库没有被使用，考试数据未受影响。
    .do = 请规定的签署人签名，或检查信任的公钥是否正确。
fault-bank-findings = 题库检查发现 { $count } 处问题。
    .safe = 没有改动任何数据。
    .do = 按清单逐条改正后重新检查。
fault-blueprint = 题库不能满足组卷要求：{ $section } 需要 { $need } 题，只有 { $have } 题。
    .safe = 没有生成试卷，没有改动任何数据。
    .do = 补充题目或调整组卷要求并重新签署。
fault-port-in-use = 地址 { $address } 已被其他程序占用。
    .safe = 没有改动任何数据。
    .do = 停止占用该端口的程序，或换一个端口再运行。
fault-folder-missing = 找不到数据目录：{ $path }。
    .safe = 没有改动任何数据。
    .do = 检查路径，或用 --data 指定数据目录。
fault-folder-locked = 数据目录 { $path } 正被另一个进程使用（{ $holder }）。
    .safe = 没有改动任何数据。
    .do = 先停止那个进程；同一数据目录只能由一个进程打开。
fault-folder-older = 数据目录 { $path } 是旧格式 { $found }，本程序需要 { $need }。
    .safe = 没有改动任何数据。
    .do = 运行 examhall hall upgrade 升级（会先做备份），或使用旧版程序。
fault-folder-newer = 数据目录 { $path } 是新格式 { $found }，本程序只支持到 { $need }。
    .safe = 没有改动任何数据。
    .do = 请使用格式 { $found } 对应的新版程序。
fault-folder-foreign = { $path } 不是 Examhall 的数据目录，而且不是空目录。
    .safe = 没有改动其中的任何文件。
    .do = 指定一个空目录，或检查路径。
fault-no-space = { $path } 所在磁盘空间不足：需要 { $need }，剩余 { $free }。
    .safe = 没有开考，没有改动任何数据。
    .do = 清理磁盘后再运行，或用 --data 指定另一块磁盘。
fault-not-writable = 无法写入 { $path }：{ $what }。
    .safe = 已写入的数据不受影响。
    .do = 检查磁盘和目录权限后再运行。
fault-journal-damaged = 记录 { $record } 已损坏：{ $path }。
    .safe = 损坏之前的记录完好，副本会用来补救；损坏的字节已原样保留。
    .do = 不要删除任何文件；运行 examhall audit journal 查看详情并通知技术员。
fault-config = 设置文件有误：{ $path } 第 { $line } 行：{ $what }。
    .safe = 没有改动任何数据。
    .do = 改正该行后再运行。
fault-usage = 命令参数有误：{ $what }。
    .safe = 没有改动任何数据。
    .do = 运行 examhall --help 查看用法。
fault-no-server = 连不上服务器 { $address }：{ $what }。
    .safe = 本机待上传的答案已保存，恢复后自动上传。
    .do = 检查网线和服务器地址；服务器恢复后会自动连接。
fault-not-enrolled = 本机尚未登记到考场服务器。
    .safe = 没有改动任何数据。
    .do = 用一次性登记码登记本机后再运行。
fault-code-refused = 登记码无效或已使用。
    .safe = 没有改动任何数据。
    .do = 请在服务器上重新生成登记码。
fault-other-version = 程序版本不一致：本机 { $here }，对方 { $there }。
    .safe = 没有改动任何数据。
    .do = 在两台机器上安装同一版本。
fault-record-differs = 核对不一致：{ $what }。
    .safe = 原始记录没有改动。
    .do = 保留数据目录并通知技术员。
fault-unexpected = 程序遇到意外情况：{ $what }。
    .safe = 已保存的答案都在记录中。
    .do = 重新运行本命令；如再次出现，请保留数据目录并报告。
fault-bad-file = 文件不能使用：{ $path }：{ $what }。
    .safe = 没有改动任何数据。
    .do = 按提示改正这个文件，或换一个文件后再运行。
fault-bank-refused = 题库被拒绝：{ $what }。
    .safe = 该题库没有被使用，考试数据未受影响。
    .do = 不要使用这份题库；向签发单位核实后重新索取。
fault-hall-refused = 考场服务器拒绝了这个操作：{ $what }。
    .safe = 没有改动任何数据。
    .do = 按提示处理后再试。
fault-journal-unreadable = 日志无法读取：{ $path }：{ $what }。
    .safe = 没有改动任何数据。
    .do = 检查路径；不要删除任何文件，如确是考试数据请通知技术员。

## Audit

audit-records = 记录 { $records } 条，批次 { $frames } 个
audit-head = 链头 { $head }
audit-damage = 损坏：{ $place }
audit-damaged-records = 损坏处的记录：{ $first } 至 { $last }
audit-lost = 丢失的记录：{ $first } 至 { $last }
audit-torn = 末尾有 { $bytes } 字节未写完，下次打开时会切除并保留
audit-second-absent = 副本：没有
audit-second-agrees = 副本：一致
audit-second-behind = 副本：落后 { $count } 条，下次打开时补齐
audit-second-ahead = 副本：多出 { $count } 条，下次打开时补回日志
audit-second-differs = 副本：从第 { $record } 条起不同，以日志为准
audit-second-unreadable = 副本：无法读取（{ $what }），以日志为准

## Banks

fault-bank-changed = { $path } 中的 { $file } 与题库目录现在的内容不同。
    .safe = 没有签名，没有改动任何文件。
    .do = 如题库已修改，请换一个输出目录重新构建，由全部签署人重新签名。
bank-checked = 题库 { $bank }：共 { $items } 题，检查完毕。
bank-key-made = 私钥 { $secret }（请妥善保管，不要放在考场服务器上）
    公钥 { $public }
    写入 trust.toml：{ $key }
bank-file-exists = 文件已存在，不会覆盖
bank-stranger = 这把密钥不在 trust.toml 中
bank-signed = 已签名：密钥 { $key }，清单摘要 { $digest }
bank-packed = 已写出 { $path }
bank-verified = 题库 { $bank } 第 { $version } 版：{ $items } 题，签署人 { $signers }，清单摘要 { $digest }
bank-password = 密钥口令：
bank-new-password = 新密钥口令：
bank-again-password = 再输入一次：
bank-passwords-differ = 两次口令不同，或为空

## Demonstration and results

fault-no-space-opening = 磁盘空间不足，没有开考：{ $path }：{ $what }。
    .safe = 没有开考，没有改动已有数据。
    .do = 清理磁盘后再运行，或用 --data 指定另一块磁盘。
fault-port = 端口无法打开：{ $what }。
    .safe = 没有改动任何数据。
    .do = 检查监听地址和权限后再运行。
fault-sitting-exists = 已有名为 { $name } 的场次。
    .safe = 没有改动该场次。
    .do = 换一个场次名；要接着开该场次，请去掉 --package 等参数，只给 --sitting。
fault-no-sitting = { $path } 中没有名为 { $name } 的场次。
    .safe = 没有改动任何数据。
    .do = 检查场次名。
fault-which-sitting = 数据目录中不是恰好一个场次：{ $names }。
    .safe = 没有改动任何数据。
    .do = 用 --sitting 指定一个。
fault-not-serving = 本机没有正在运行的考场服务器：{ $path }。
    .safe = 没有改动任何数据。
    .do = 先运行 examhall serve。
demo-setting = 正在准备：签名并核验题库，组卷，登记 { $seats } 个考位……
demo-sitting = 考场已就绪：{ $address }（时钟为实际的 { $speed } 倍）。模拟考生开始签到、答题。
demo-bar = 已作答，已结束
demo-stopped = 考试结束，服务器已停止。由另一个进程重新打开数据核对：
demo-counts = 交卷 { $handedin } 人，时间到 { $timedup } 人；服务器确认 { $acked } 次作答，记录中缺失 { $missing } 次；无效试卷 { $papers } 份；成绩不一致 { $marks } 份。
demo-latency = 作答到确认：中位 { $p50 } 毫秒，99% 在 { $p99 } 毫秒内。
demo-verdict-good = 结论：没有丢失，没有多出，成绩可复算。
demo-verdict-bad = 结论：有差异，见上。
demo-place = 记录在 { $record }
    成绩单在 { $results }
demo-record = 记录在 { $record }
    可用 examhall audit journal 查看
demo-left = 已离开演示，没有交卷。
demo-receipt = 已答 { $answered } 题，共 { $total } 题，回执 { $code }。
demo-passed = 成绩 { $marks } 分（满分 { $full } 分），合格。
demo-failed = 成绩 { $marks } 分（满分 { $full } 分），不合格。
table-seat = 考位
table-number = 准考证号
table-name = 姓名
table-end = 结束方式
table-answered = 已答
table-total = 成绩
table-passed = 结果
table-pass = 合格
table-fail = 不合格
table-state = 状态
table-rest = 剩余

## Hall

serve-ready = 场次 { $sitting } 已打开：作答端口 { $delivery }，登记端口 { $enrolment }；已有记录 { $records } 条，切除未写完 { $torn } 字节。
    各考位登记码：
serve-incident = 注意：{ $what }
serve-running = 按 Ctrl-C 停止。
serve-stopping = 正在停止……
kiosk-enrolled = 本机已登记为考位 { $seat }。
sitting-done = 已记录。
sitting-head = 场次 { $sitting }：记录 { $records } 条，链头 { $head }
sitting-admitted = 已核验 { $count } 人。

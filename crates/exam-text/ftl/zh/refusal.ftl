### What a rule refuses, in the words of the person who is refused.

refusal-unknown-session = 系统中没有这场考试的记录。请举手，由监考员处理。
refusal-no-match = 没有查到匹配的考生，请核对后重新输入（还可输入 { $tries } 次）。如仍查不到，请举手。
refusal-too-many-tries = 输入错误次数过多，本机暂停登录。请举手，由监考员处理。
refusal-wrong-seat = 你的考位是 { $yours }，本机是 { $here }。请举手，不要自行换位。
refusal-ticket-in-use = 该准考证号已在其他考位登录。请举手，由监考员核实。
refusal-log-in-not-open = { $time } 开放登录，请稍候。
refusal-entry-closed = 已过规定的入场时间（{ $time }），本机不能办理登录。请举手，由监考员处理。
refusal-not-now = 现在还不能进行这一步，请按屏幕提示操作。
refusal-other-undertaking = 承诺书版本与考点签发的不一致。请举手，由监考员处理。
refusal-undertaking-declined = 你未同意承诺内容，暂不能参加考试。按 R 重新阅读，或举手联系监考员。
refusal-not-started = 尚未开考，请等待监考员宣布。
refusal-start-too-early = 计划 { $time } 开考，未到时间不能开考。
refusal-not-your-session = 本次考试已转到其他考位，本机已停用。请举手，由监考员处理。
refusal-revision-gap = 有答案未按顺序到达（已收到第 { $have } 条，来的是第 { $got } 条），本机会自动补传。
refusal-other-answer-same-name = 第 { $seq } 条答案与先前收到的不一致，已保留备查。请举手，由监考员处理。
refusal-item-not-in-paper = 这道题不在本试卷中，答案已保留备查。请举手，由监考员处理。
refusal-option-not-in-item = 这个选项不在本题中，答案已保留备查。请举手，由监考员处理。
refusal-part-not-open = 本单元未开放，不能作答。
refusal-time-is-up = 考试时间已到（{ $time } 结束），不能再作答。
refusal-already-ended = 考试已经结束（{ $end ->
    [handed-in] 本人交卷
    [time-up] 时间到，系统交卷
    [absent] 缺考
   *[other] { $end }
}，{ $time }）。
refusal-hand-in-gap = 还有答案在路上（已收到第 { $have } 条，共 { $want } 条），补齐后自动交卷。
refusal-hand-in-too-early = { $time } 起可以交卷。可继续作答和检查。
refusal-hand-in-locked = { $time } 前提前交卷须经监考员同意。请举手。
refusal-seat-taken = 该考位已有其他考生。请举手，由监考员处理。
refusal-door-open = { $time } 前仍可入场，现在不能登记缺考。
refusal-does-not-fit = 考生当前的状态不允许这项操作。
refusal-nothing-to-decide = 没有需要处理的事项。
refusal-not-all-ended = 还有 { $count } 名考生未结束，不能结束本场考试。
refusal-sitting-closed = 本场考试已结束。
refusal-role-may-not = 你的角色不允许这项操作。
refusal-too-fast = 操作过于频繁，请在 { $wait } 后再试。

### What a state, an end and an answer are called: short, without arguments, on every screen.

state-expected = 未到
state-arrived = 已到
state-confirm-details = 核对信息
state-details-wrong = 信息有误
state-await-identity = 等待核验身份
state-undertaking = 阅读承诺
state-declined = 未同意承诺
state-preparing = 准备试卷
state-await-start = 等待开考
state-late = 迟到，待开始
state-running = 作答中
state-closing = 时间到，收卷中
state-overdue = 时间到，断线
state-handed-in = 已交卷
state-time-up = 时间到
state-absent = 缺考

end-handed-in = 本人交卷
end-time-up = 时间到，系统交卷
end-absent = 缺考

## The three words for one answer (RULES W8)

answer-chosen = 已选
answer-waiting = 本机已存，待上传 { $count }
answer-saved = 已保存 { $time }

## Lengths of time

span-minutes-seconds = { $minutes }分{ $seconds }秒
span-seconds = { $seconds }秒

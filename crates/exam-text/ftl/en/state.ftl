### What a state, an end and an answer are called: short, without arguments, on every screen.

state-expected = not here yet
state-arrived = arrived
state-confirm-details = checking details
state-details-wrong = details wrong
state-await-identity = awaiting identity check
state-undertaking = reading undertaking
state-declined = undertaking declined
state-preparing = preparing paper
state-await-start = waiting for start
state-late = late, not started
state-running = answering
state-closing = time up, collecting
state-overdue = time up, offline
state-handed-in = handed in
state-time-up = time up
state-absent = absent

end-handed-in = handed in by the candidate
end-time-up = time up, handed in by the system
end-absent = absent

## The three words for one answer (RULES W8)

answer-chosen = chosen
answer-waiting = kept here, { $count } waiting
answer-saved = saved { $time }

## Lengths of time

span-minutes-seconds = { $minutes } min { $seconds } s
span-seconds = { $seconds } s

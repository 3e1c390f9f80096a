### The candidate's screens. English beside the exact Chinese words of the design.

## Exact words

kiosk-idle = Seat { $seat }: self-test passed. Log-in opens at { $time }. Sit at the seat on your desk label; please do not press keys.
kiosk-late-refused = Entry has closed; this machine can no longer log you in. Please raise your hand; the invigilator will help.
kiosk-late = You are { $late } min late; by the rules this is not added: you have { $left } min, until { $time }. Press Enter to start.
kiosk-await-identity = Put your admission ticket and original ID on the desk and wait for the invigilator to check them.
kiosk-declined = You did not accept the undertaking, so you cannot sit the exam yet. Press R to read it again, or raise your hand.
kiosk-await-start = Planned start { $time }, on the invigilator's word. Question 1 opens by itself; you need not do anything.
kiosk-await-start-due = Please wait for the invigilator to announce the start. The clock does not run before it.
kiosk-hand-in-early = You may hand in from { $time }, in { $wait }. You can go on answering and checking.
kiosk-handing-in = Handing in: { $count ->
    [one] 1 answer awaits
   *[other] { $count } answers await
} the server's confirmation. Please do not leave.
kiosk-handing-in-offline = You have handed in. Your paper is sealed on this machine and goes to the server when the network is back. Stay in your seat; do not switch off, do not leave.
kiosk-time-up-offline = Time is up and answering has stopped. Answers made before the end are kept on this machine and go to the server when the network is back. Stay in your seat; do not switch off, do not leave.
kiosk-granted = { $span } added; the exam now ends at { $time }.
kiosk-part-changes = Part { $ended } has ended and cannot be reopened. Part { $next }, "{ $title }", { $minutes } min: press Enter to start (starts by itself in { $seconds } s).
kiosk-moved = Restored: { $count ->
    [one] 1 answer
   *[other] { $count } answers
} complete, back at question { $number }, { $left } left.
kiosk-loss = This seat was interrupted for { $lost }; { $span } has been added. If you disagree, raise your hand now.
kiosk-ended = The invigilator has ended your exam. Your answers are saved. Please follow the invigilator's instructions.
kiosk-evacuate = Leave the room now as the invigilator directs. Your answers are saved and the clock has stopped.
kiosk-stopped = This sitting has been stopped. Your answers are sealed; the exam centre will tell you what follows. You will not be recorded as absent.
kiosk-left-seat = Away from the seat: the questions are hidden and the clock runs on. When you return, wait for the invigilator to confirm.
kiosk-seat-done = Seat { $seat } has handed in. Please leave quietly.

## Header

head-seat = Seat { $seat }
head-system-time = Time { $time }
head-network-ok = Network: OK
head-network-down = Network: down
head-left = Left { $time }
head-left-hidden = time hidden
head-until-start = Starts in { $time }
head-item = Question { $number } of { $total }
head-section = { $section } { $number }/{ $total }
head-page = Page { $page } of { $pages }
head-saved = saved
tally-saved = { $count } saved
tally-chosen = { $count } chosen
head-rehearsal = rehearsal
head-clock-stopped = Clock stopped { $time }

section-true-false = True/false
section-single-choice = Single choice

## Check-in

login-title = Log in
login-exam = { $date }  { $from }-{ $to }  ({ $minutes } min, { $count } questions, { $points } points)
login-number = Admission number
login-tail = Last { $digits } of your ID number (X if it ends in X)
login-number-short = The admission number has { $want } digits; { $missing } missing
login-tail-short = The last { $want } of the ID number are wanted; { $missing } missing
login-enter = Log in
login-checking = Checking, please wait.
login-compare-seat = Please compare: this is seat { $seat }. If it is not yours, raise your hand and do not log in.
login-no-server = The server cannot be reached; trying again by itself. Please wait.
login-opens = Log-in opens at { $time }
login-number-missing = Type your admission number (digits only).
connecting-title = Connecting
connecting = Connecting to the server, please wait.
demo-hint = Demonstration: admission number { $number }  last 6 { $tail }
demo-leave = End of the demonstration: press Enter to leave.

check-line = Self-test:
check-keyboard = keyboard
check-chinese = Chinese text
check-clock = clock
check-spool = storage
check-server = server
check-good = OK
check-bad = failed
check-press-key = press any key
check-memory-only = answers only in memory
check-skew = This machine's clock is off by { $span } (for information; the server's time counts)

## Confirm

confirm-title = Check your details
confirm-heading = Check details
confirm-ask = Press Y if everything is right; press N if anything is wrong.
confirm-recorded = The time of your confirmation is recorded.
confirm-seat = { $seat } (same as your desk label?)
confirm-minutes = { $minutes } min
confirm-wrong = The invigilator has been told that your details are wrong. Stay seated, raise your hand and wait.

field-name = Name
field-number = Admission no.
field-document = ID number
field-exam = Exam
field-seat = Seat
field-minutes = Time allowed
field-accommodation = Accommodation
accommodation-none = none
accommodation-extra = { $percent }% more time

identity-title = Waiting for identity check

## Undertaking

undertaking-title = Rules and undertaking
undertaking-box = Undertaking
undertaking-ask = I have read these rules, will keep them and will work on my own. Press Y to accept.
undertaking-decline = If you do not accept, press N and raise your hand.
undertaking-read-on = Read all pages; then press Y to accept.
undertaking-loading = The rules and the undertaking are on their way. Please wait.

## Waiting

waiting-title = Waiting for the start
waiting-checked-in = { $count } of { $total } checked in
waiting-paper-ready = Your paper is on this machine (encrypted)
waiting-paper-loading = Your paper is on its way (encrypted)
waiting-undertaken = Undertaking accepted { $time }
waiting-opening = The exam has started; opening your paper.
late-title = Late entry

## Question

question-choice = Your choice: { $choice }
question-no-choice = Your choice: none
question-flagged = Flag: ? to check
question-not-flagged = Flag: none
question-more = more below: PgDn
question-read-on = There is more of this question: press PgDn to read it first.
question-again = Pressing { $letter } again does not undo it; Backspace clears your answer.
question-cleared = Your answer to this question is cleared.
question-strike = Press the letter of the option to strike out; again to restore it.
question-struck = struck out
question-first = This is the first question.
question-last = This is the last question. Press F10 to review and hand in.
question-true = √ True
question-false = × False
question-true-plain = True
question-false-plain = False
goto-title = Go to
goto-ask = Go to question:
goto-none = There is no question { $number }; type 1 to { $total }.
none-unanswered = Nothing is unanswered. Press F10 to hand in.
none-flagged = Nothing is flagged.
paste-dropped = Pasting is not possible; { $count ->
    [one] 1 character was
   *[other] { $count } characters were
} ignored.
exit-ignored = You cannot leave during the exam. If you need help, raise your hand.
language-fixed = The language cannot be changed once the paper is open.

## Time

warn-minutes = { $minutes } minutes left.
warn-last-minute = 1 minute left; your paper is handed in by itself when time is up.
time-up = Time is up. Answering has stopped; handing in.
time-up-title = Time is up
hold-title = The exam is on hold
hold-body = The clock does not run and your { $count } saved answers are safe. The questions are hidden; stay in your seat and do not talk.

## Answer card

card-title = Answer card
card-range = { $section } { $from }-{ $to }
card-totals = Answered { $answered }   Unanswered { $unanswered }   Flagged { $flagged }
card-current = Now at question { $number }
card-legend = Key: { $none } unanswered   B answered (your choice)   ? flagged   [ ] current
card-filter-all = All questions
card-filter-unanswered = Unanswered only
card-filter-flagged = Flagged only
card-progress = { $percent }% answered

## Review and hand-in

review-title = Review and hand in
review-box = Your answers
review-answered = Answered
review-unanswered = Unanswered
review-flagged = Flagged
review-total = Total
review-no-marks = no marks for these
review-list-unanswered = Unanswered: { $list }
review-list-flagged = Flagged: { $list }
review-list-none = none
review-and-more = and { $count } more
hand-in-again = Confirm again
hand-in-left = { $count ->
    [one] 1 question is
   *[other] { $count } questions are
} unanswered. After hand-in nothing can be changed.
hand-in-whole = Every question is answered. After hand-in nothing can be changed.
hand-in-type = Press J, J, then Enter to hand in:
hand-in-cancel = Esc cancels
hand-in-title = Handing in
hand-in-sealing = Handing in: waiting for the server's confirmation. Please do not leave.

## Receipt and result

receipt-title = Handed in
receipt-title-time-up = The exam is over
receipt-how = How
receipt-time = When
receipt-time-of = { $time } (server time)
receipt-answered = Answers
receipt-answered-of = { $answered } of { $total } questions answered
receipt-code = Receipt no.
receipt-digest = Paper check
receipt-acked = The server has confirmed that it holds all your answers.
receipt-keep = No need to copy this: the exam centre keeps the receipt under your admission number. Please leave quietly.
receipt-later = Results are published as announced.
receipt-leave = Please stay quiet and follow the invigilator's instructions.

result-title = Your result
result-points = { $points } of { $full } points
result-section = { $section }: { $points } of { $full }
result-passed = Passed (pass mark { $pass })
result-failed = Not passed (pass mark { $pass })
result-pass = Passed
result-fail = Not passed
result-note = Only the result published by the examining board counts.

## Away from the server and back

offline-banner = Network down { $time }. Keep answering: kept here, sent later. Clock runs on.
offline-memory = Storage is not available: answers are only in memory. Do not switch off; please raise your hand.
online-again = The network is back; sending { $count ->
    [one] 1 answer
   *[other] { $count } answers
}.
online-whole = The network is back; all answers are saved.
server-stopping = The server restarts and is back in about { $seconds } s. Keep answering; answers are kept here.
server-away = The server restarts and is back soon. Keep answering: kept here, sent later.
other-version = This machine and the server run different versions (here { $here }, server { $there }). Please raise your hand.
paper-broken = The paper could not be opened. Please raise your hand; lost time is dealt with by the invigilator under the rules.
broken-title = Paper not opened
version-title = Different versions
restored = { $count ->
    [one] 1 unsent answer was
   *[other] { $count } unsent answers were
} restored from this machine; sending.

## Help and the window

help-title = Keys
help-hand = If you need help, raise your hand; the invigilator will come.
small-title = The window is too small to show questions
small-size = It has { $width } columns and { $height } rows; at least { $needwidth } and { $needheight } are needed
small-answers = { $saved } saved, { $count } waiting
small-left = The clock runs on: { $time } left
small-call = Please raise your hand.
no-chinese = This terminal cannot show Chinese, so English is used. Please call the technician.

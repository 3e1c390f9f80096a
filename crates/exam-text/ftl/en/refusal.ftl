### What a rule refuses, in the words of the person who is refused.

refusal-unknown-session = The system has no record of this exam. Please raise your hand; the invigilator will help.
refusal-no-match = No matching candidate was found. Check and type again ({ $tries ->
    [one] 1 try
   *[other] { $tries } tries
} left). If it still fails, raise your hand.
refusal-too-many-tries = Too many wrong entries: log-in at this machine is suspended. Please raise your hand; the invigilator will help.
refusal-wrong-seat = Your seat is { $yours }; this is { $here }. Please raise your hand; do not change seats yourself.
refusal-ticket-in-use = This admission number is already logged in at another seat. Please raise your hand; the invigilator will check.
refusal-log-in-not-open = Log-in opens at { $time }. Please wait.
refusal-entry-closed = Entry closed at { $time }; this machine can no longer log you in. Please raise your hand; the invigilator will help.
refusal-not-now = This step is not possible yet. Please follow the screen.
refusal-other-undertaking = The undertaking shown is not the version signed for this exam. Please raise your hand; the invigilator will help.
refusal-undertaking-declined = You did not accept the undertaking, so you cannot sit the exam yet. Press R to read it again, or raise your hand.
refusal-not-started = The exam has not started. Please wait for the invigilator.
refusal-start-too-early = The start is planned for { $time }; it is too early to start.
refusal-not-your-session = This exam has moved to another seat; this machine no longer takes part. Please raise your hand; the invigilator will help.
refusal-revision-gap = An answer arrived out of order (have no. { $have }, got no. { $got }); this machine sends the missing ones by itself.
refusal-other-answer-same-name = Answer no. { $seq } differs from the one received before; it was kept for checking. Please raise your hand; the invigilator will help.
refusal-item-not-in-paper = This question is not in your paper; the answer was kept for checking. Please raise your hand; the invigilator will help.
refusal-option-not-in-item = This option is not in the question; the answer was kept for checking. Please raise your hand; the invigilator will help.
refusal-part-not-open = This part is not open for answers.
refusal-time-is-up = Time is up (the exam ended at { $time }); no more answers can be given.
refusal-already-ended = The exam has already ended ({ $end ->
    [handed-in] handed in by the candidate
    [time-up] time up, handed in by the system
    [absent] absent
   *[other] { $end }
}, { $time }).
refusal-hand-in-gap = Some answers are still on their way (have { $have } of { $want }); hand-in follows by itself.
refusal-hand-in-too-early = You may hand in from { $time }. You can go on answering and checking.
refusal-hand-in-locked = Before { $time }, handing in early needs the invigilator's consent. Please raise your hand.
refusal-seat-taken = Another candidate has this seat. Please raise your hand; the invigilator will help.
refusal-door-open = Candidates may still enter until { $time }; nobody can be marked absent yet.
refusal-does-not-fit = The candidate's present state does not allow this.
refusal-nothing-to-decide = There is nothing to decide.
refusal-not-all-ended = { $count ->
    [one] 1 candidate has
   *[other] { $count } candidates have
} not ended, so the sitting cannot be closed.
refusal-sitting-closed = The sitting is closed.
refusal-role-may-not = Your role does not allow this.
refusal-too-fast = Too many messages at once; try again in { $wait }.

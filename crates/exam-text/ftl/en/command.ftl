### Faults the command reports. The value says what happened, .safe whether work is safe, .do what to do.

fault-label-safe = Your data:
fault-label-do = What to do:

fault-not-a-terminal = This is not a terminal: the exam screen needs a terminal window.
    .safe = Nothing was changed.
    .do = Run the command directly in a terminal window, without pipes or redirection; for an unattended rehearsal add --headless.
fault-too-small = The terminal window is too small: it has { $width } columns and { $height } rows; at least { $needwidth } and { $needheight } are needed.
    .safe = Nothing was changed.
    .do = Enlarge the window or reduce the font size and run it again.
fault-terminal = The terminal failed: { $what }.
    .safe = Answers saved or waiting to be sent are not affected.
    .do = Run the command again; if it happens again, use another terminal program.
fault-bank-missing = The question bank was not found: { $path }.
    .safe = Nothing was changed.
    .do = Check the path; the bank for rehearsals is in the folder question-banks.
fault-bank-tampered = The question bank does not match its signed manifest: { $file }.
    .safe = The bank was not used; exam data is not affected.
    .do = Do not use this copy; ask its issuer for another one and report this.
fault-bank-signatures = The question bank has too few valid signatures: { $need } needed, { $have } valid.
    .safe = The bank was not used; exam data is not affected.
    .do = Have the appointed people sign it, or check that the trusted public keys are the right ones.
fault-bank-findings = The check of the question bank found { $count ->
    [one] 1 problem
   *[other] { $count } problems
}.
    .safe = Nothing was changed.
    .do = Correct them as listed and check again.
fault-blueprint = The question bank cannot serve the blueprint: { $section } needs { $need } items and has { $have }.
    .safe = No paper was made; nothing was changed.
    .do = Add items, or change the blueprint and sign it again.
fault-port-in-use = The address { $address } is in use by another program.
    .safe = Nothing was changed.
    .do = Stop the program that uses the port, or choose another port.
fault-folder-missing = The data folder was not found: { $path }.
    .safe = Nothing was changed.
    .do = Check the path, or name the data folder with --data.
fault-folder-locked = The data folder { $path } is in use by another process ({ $holder }).
    .safe = Nothing was changed.
    .do = Stop that process first; only one process may open a data folder.
fault-folder-older = The data folder { $path } has the older format { $found }; this program needs { $need }.
    .safe = Nothing was changed.
    .do = Upgrade it with examhall hall upgrade (which makes a copy first), or use the older program.
fault-folder-newer = The data folder { $path } has the newer format { $found }; this program knows formats up to { $need }.
    .safe = Nothing was changed.
    .do = Use the newer program that made format { $found }.
fault-folder-foreign = { $path } is not a data folder of Examhall, and it is not empty.
    .safe = No file in it was touched.
    .do = Name an empty folder, or check the path.
fault-no-space = The disk of { $path } is too full: { $need } needed, { $free } free.
    .safe = No exam was opened; nothing was changed.
    .do = Make room and run it again, or name another disk with --data.
fault-not-writable = { $path } could not be written: { $what }.
    .safe = What was already written is not affected.
    .do = Check the disk and the folder's permissions and run it again.
fault-journal-damaged = Record { $record } is damaged: { $path }.
    .safe = Records before it are whole, and the second copy is used for repair; the damaged bytes are kept as they are.
    .do = Delete nothing; run examhall audit journal for details and tell the technician.
fault-config = The settings file has a mistake: { $path }, line { $line }: { $what }.
    .safe = Nothing was changed.
    .do = Correct that line and run it again.
fault-usage = The command was not understood: { $what }.
    .safe = Nothing was changed.
    .do = Run examhall --help to see how it is used.
fault-no-server = The server { $address } could not be reached: { $what }.
    .safe = Answers waiting on this machine are kept and sent when it is back.
    .do = Check the cable and the server's address; the connection comes back by itself.
fault-not-enrolled = This machine is not enrolled with a hall server.
    .safe = Nothing was changed.
    .do = Enrol it with a one-time code and run it again.
fault-code-refused = The enrolment code is not valid or was already used.
    .safe = Nothing was changed.
    .do = Make a new code on the server.
fault-other-version = The programs are of different versions: here { $here }, there { $there }.
    .safe = Nothing was changed.
    .do = Install the same version on both machines.
fault-record-differs = The check found a difference: { $what }.
    .safe = The record itself was not changed.
    .do = Keep the data folder and tell the technician.
fault-unexpected = Something unexpected happened: { $what }.
    .safe = Saved answers are in the record.
    .do = Run the command again; if it happens again, keep the data folder and report it.
fault-bad-file = The file cannot be used: { $path }: { $what }.
    .safe = Nothing was changed.
    .do = Correct the file as it says, or name another one, and run it again.
fault-bank-refused = The question bank was refused: { $what }.
    .safe = The bank was not used; exam data is not affected.
    .do = Do not use this copy; ask its issuer and get another one.
fault-hall-refused = The hall refused: { $what }.
    .safe = Nothing was changed.
    .do = Do what it says and try again.
fault-journal-unreadable = The journal cannot be read: { $path }: { $what }.
    .safe = Nothing was changed.
    .do = Check the path; delete nothing, and tell the technician if these are exam data.

## Audit

audit-records = { $records } records in { $frames } batches
audit-head = head of the chain { $head }
audit-damage = damage: { $place }
audit-damaged-records = records at the damage: { $first } to { $last }
audit-lost = lost records: { $first } to { $last }
audit-torn = { $bytes } bytes at the end were not finished; the next opening cuts and keeps them
audit-second-absent = second copy: none
audit-second-agrees = second copy: agrees
audit-second-behind = second copy: { $count } records behind; the next opening catches up
audit-second-ahead = second copy: { $count } records ahead; the next opening brings them back
audit-second-differs = second copy: differs from record { $record } on; the log counts
audit-second-unreadable = second copy: unreadable ({ $what }); the log counts

## Banks

fault-bank-changed = { $file } in { $path } differs from what the bank's folder holds now.
    .safe = Nothing was signed or changed.
    .do = If the bank was edited, build it anew into another folder and have all signers sign again.
bank-checked = Bank { $bank }: { $items } items, checked.
bank-key-made = secret key { $secret } (keep it safe; never on a hall server)
    public key { $public }
    for trust.toml: { $key }
bank-file-exists = the file exists and will not be overwritten
bank-stranger = this key is not in trust.toml
bank-signed = signed: key { $key }, manifest digest { $digest }
bank-packed = written: { $path }
bank-verified = bank { $bank }, edition { $version }: { $items } items, signed by { $signers }, manifest digest { $digest }
bank-password = Password of the key: 
bank-new-password = New password of the key: 
bank-again-password = Once more: 
bank-passwords-differ = the two passwords differ, or are empty

## Demonstration and results

fault-no-space-opening = Not enough space on the disk; the sitting was not opened: { $path }: { $what }.
    .safe = Nothing was opened, and what was there is unchanged.
    .do = Make room and run it again, or name another disk with --data.
fault-port = A port cannot be opened: { $what }.
    .safe = Nothing was changed.
    .do = Check the address to listen on and your permissions, and run it again.
fault-sitting-exists = There is a sitting named { $name } already.
    .safe = It was not changed.
    .do = Choose another name; to take that sitting up again give only --sitting, without --package and the rest.
fault-no-sitting = There is no sitting named { $name } in { $path }.
    .safe = Nothing was changed.
    .do = Check the name of the sitting.
fault-which-sitting = The data folder does not hold exactly one sitting: { $names }.
    .safe = Nothing was changed.
    .do = Name one with --sitting.
fault-not-serving = No hall is running on this machine: { $path }.
    .safe = Nothing was changed.
    .do = Run examhall serve first.
demo-setting = Setting up: the bank is signed and verified, papers are drawn, { $seats } seats enrolled ...
demo-sitting = The hall is ready at { $address } (its clock runs { $speed } times as fast). Simulated candidates check in and answer.
demo-bar = responses, ended
demo-stopped = The sitting is over and the server has stopped. Another process opens its data and compares:
demo-counts = { $handedin } handed in, { $timedup } ran out of time; { $acked } acknowledged answers, { $missing } missing from the record; { $papers } invalid papers; { $marks } marks that differ.
demo-latency = from answer to acknowledgement: median { $p50 } ms, 99 % within { $p99 } ms.
demo-verdict-good = Verdict: nothing lost, nothing gained, every mark recomputes.
demo-verdict-bad = Verdict: there are differences, see above.
demo-place = record: { $record }
    results: { $results }
demo-record = record: { $record }
    examhall audit journal shows it
demo-left = You left the demonstration without handing in.
demo-receipt = { $answered } of { $total } questions answered, receipt { $code }.
demo-passed = Marks: { $marks } of { $full }: passed.
demo-failed = Marks: { $marks } of { $full }: not passed.
table-seat = Seat
table-number = Number
table-name = Name
table-end = End
table-answered = Answered
table-total = Marks
table-passed = Result
table-pass = passed
table-fail = failed
table-state = State
table-rest = Rest

## Hall

serve-ready = Sitting { $sitting } is open: delivery port { $delivery }, enrolment port { $enrolment }; { $records } records so far, { $torn } unfinished bytes cut.
    Enrolment codes of the seats:
serve-incident = Note: { $what }
serve-running = Ctrl-C stops it.
serve-stopping = Stopping ...
kiosk-enrolled = This machine is enrolled as seat { $seat }.
sitting-done = On record.
sitting-head = Sitting { $sitting }: { $records } records, head of the chain { $head }
sitting-admitted = { $count } admitted.

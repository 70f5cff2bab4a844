-- Whoever is the last to be asked is reminded by one clock. What the clock of the answer was to ring for next is looked
-- at when that one does, or another that still runs.
UPDATE conversation SET due_at = 'epoch'::timestamptz + interval '1 microsecond' * least(
    (snapshot ->> 'remindAt')::bigint,
    (snapshot -> 'snooze' ->> 'until')::bigint,
    CASE WHEN snapshot -> 'due' ->> 'told' = 'false' THEN (snapshot -> 'due' ->> 'at')::bigint END,
    (SELECT min((help ->> 'remindAt')::bigint) FROM jsonb_array_elements(snapshot -> 'helps') AS help))
WHERE phase = 'offered' AND snapshot ->> 'remindAt' IS NOT NULL AND snapshot -> 'answer' ->> 'missed' = 'true'
  AND snapshot -> 'answer' ->> 'by' <> snapshot -> 'answer' ->> 'promised';

-- Why a lesson does not take place, as who cancelled it wrote; for those who work in the school. Cancelling and taking it back are audit
-- events of the lesson; absences written before stay and are not counted.

alter table lesson
    add column cancel_reason text,
    add constraint lesson_cancel_reason_text_length check (char_length(cancel_reason) between 3 and 200),
    add constraint lesson_cancel_reason_plausible check (cancel_reason is null or state = 'cancelled');

-- A homework is what has words, an address or a file: «посмотрите урок по ссылке» needs no text that says so again. What has none of them is no
-- homework and has no row; that a file of it may be all there is cannot be said by a check, so the code keeps it (`journal::sql::lesson`,
-- `homework::sql::file`). A server that is older than this writes no empty text, and reads one as it reads any other.

alter table homework
    drop constraint homework_text_text_length,
    add constraint homework_text_text_length check (char_length(text) <= 4000);

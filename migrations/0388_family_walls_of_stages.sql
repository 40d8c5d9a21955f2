-- What half-years, interim attestation and coursework hang on (decision 46): the journal that says its form, the classes that say their system of
-- periods, the scales their marks are of, the letters of attendance. The marks themselves lie behind the family's wall as rows of `period_mark`;
-- these tables had the school's wall only, so that nothing but the functions' rights kept a family from writing into them. A family reads
-- them, as its diary is drawn from them, and changes nothing.
do $$
declare
    t text;
begin
    foreach t in array array['teaching_load', 'load_audience', 'load_teacher', 'class', 'academic_year', 'attendance_code', 'work_type', 'mark_scale',
        'mark_scale_item'] loop
        execute format('create policy family_reads on %I as restrictive for insert '
            'with check ((select current_pupils()) is null)', t);
        execute format('create policy family_changes_nothing on %I as restrictive for update '
            'using ((select current_pupils()) is null) with check ((select current_pupils()) is null)', t);
        execute format('create policy family_deletes_nothing on %I as restrictive for delete '
            'using ((select current_pupils()) is null)', t);
    end loop;
end
$$;

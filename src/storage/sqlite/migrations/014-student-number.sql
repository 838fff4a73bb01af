-- As the school knows the student, where the platform shares it: for telling whose badge it is.
ALTER TABLE members ADD COLUMN student_number TEXT;

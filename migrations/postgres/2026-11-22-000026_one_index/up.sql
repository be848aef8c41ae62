-- It stood twice: certificates_of_completion is the same.
DROP INDEX certificates_any_completion;

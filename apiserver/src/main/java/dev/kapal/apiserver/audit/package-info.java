/// Who did what: the id that ties an answer to the server's records, and the audit log. Start at [Auditing].
package dev.kapal.apiserver.audit;

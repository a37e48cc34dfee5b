/// Who did what: for now the id that ties an answer to the server's records. The audit log will stand here.
package dev.kapal.apiserver.audit;

/// Objects as people see them in `kubectl get`: one file per kind with its columns and cells. Start at [Tables].
package dev.kapal.apiserver.table;

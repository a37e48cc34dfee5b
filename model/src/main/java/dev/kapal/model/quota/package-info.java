/// What objects cost under a ResourceQuota: the same sums for admission, which refuses, and for the controller, which
/// counts anew. Start at [Usage].
package dev.kapal.model.quota;

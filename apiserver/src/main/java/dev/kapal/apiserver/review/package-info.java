/// Questions about users that the API answers: who am I, whose token is this, who may do what. Start at
/// [AccessReviews].
package dev.kapal.apiserver.review;

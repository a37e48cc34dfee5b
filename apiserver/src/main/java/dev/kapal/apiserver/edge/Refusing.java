package dev.kapal.apiserver.edge;

import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.api.Status;
import dev.kapal.apiserver.registry.StatusForm;
import dev.kapal.base.log.Log;
import dev.kapal.http.BodiesTooManyException;
import dev.kapal.http.BodyIncompleteException;
import dev.kapal.http.BodyTooLargeException;
import dev.kapal.http.Exchange;
import dev.kapal.http.Headers;
import dev.kapal.http.HttpServer;
import java.io.IOException;

/// The one place where what was thrown becomes an answer: a refusal its `Status`, a defect a 500 and a line in the
/// log.
final class Refusing implements Filter {
    private static final Log log = Log.of(Refusing.class);

    @Override
    public void apply(Call call, Next next) throws Exception {
        var exchange = (ObservedExchange) call.exchange();
        try {
            next.handle(call);
        } catch (ApiException refusal) {
            answer(exchange, refusal.status());
        } catch (BodyTooLargeException tooLarge) {
            answer(
                    exchange,
                    ApiException.tooLarge("limit is " + HttpServer.Config.API_BODY_BYTES)
                            .status());
        } catch (BodiesTooManyException flood) {
            exchange.terminate();
            answer(exchange, ApiException.tooManyRequests().status());
        } catch (BodyIncompleteException late) {
            answer(exchange, ApiException.late().status());
        } catch (IOException | InterruptedException broken) {
            throw broken; // the client has gone, or the server stops: there is nobody to answer
        } catch (Exception | StackOverflowError | AssertionError defect) {
            log.error("request panicked", defect, "request", call.request());
            answer(
                    exchange,
                    ApiException.internal("This request caused apiserver to panic. Look in the logs for details.")
                            .status());
        }
    }

    /// Answers with `status`; breaks the answer off when it has begun.
    static void answer(ObservedExchange exchange, Status status) throws IOException {
        if (exchange.status() != 0) {
            throw new IOException("the answer broke off: " + status.message());
        }
        respond(exchange, status);
    }

    private static void respond(Exchange exchange, Status status) throws IOException {
        var headers = Headers.builder();
        if (status.code() == 403) {
            headers.add("X-Content-Type-Options", "nosniff");
        }
        status.details()
                .filter(details -> details.retryAfterSeconds() > 0)
                .ifPresent(details -> headers.add("Retry-After", Integer.toString(details.retryAfterSeconds())));
        exchange.respond(StatusForm.of(exchange.request(), status, headers.build()));
    }
}

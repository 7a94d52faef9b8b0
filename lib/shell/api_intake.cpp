// The two doors for alerts: Alertmanager's webhook, and Alertmanager's own ingestion API.
#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "core/limits.hpp"
#include "integrations/sources/alertmanager.hpp"
#include "shell/api_routes.hpp"

namespace tocsin::shell {
namespace {

/// `?source=NAME`, else the token's, else `default` (design §3).
Result<std::string> source_of(const Api::Call& call) {
    const auto named = call.request.parameter("source");
    if (!named) return call.source.empty() ? std::string("default") : call.source;
    if (named->empty() || named->size() > core::limits::name_bytes_max || !is_valid_utf8(*named)) {
        return Error{"bad_source", "?source= must be a name of at most 256 bytes", "source"};
    }
    return *named;
}

/// 400: the sender will not repeat it, or in vain.
void reject(Api& api, const Api::Call& call, const Error& error) {
    api.parts().metrics.add(Metric::requests_refused, {"malformed"});
    api.note_rejected(400, call.sender(), error.message);
    api.parts().log.warning("alerts rejected",
                            {{"sender", call.sender()}, {"error", error.message}});
    call.reply(HttpReply::error(400, error));
}

bool too_many(Api& api, const Api::Call& call, const std::vector<core::AlertSeen>& alerts) {
    if (api.parts().engine.signals() < core::limits::signals_max) return false;
    const bool any_firing =
        std::any_of(alerts.begin(), alerts.end(), [](const auto& alert) { return alert.firing; });
    if (!any_firing) return false;
    api.parts().metrics.add(Metric::requests_refused, {"signals_full"});
    call.reply(
        HttpReply::error(503, Error{"signals_full", "too many alerts are held; send it again"}));
    return true;
}

struct Intake {
    const char* format;  // the metric's label
    const char* kind;    // the journal's
    std::vector<core::AlertSeen> alerts;
    std::optional<Error> complaint;  // answer 400, after storing the valid ones
};

HttpReply answer_to(const Answer& answer, const std::optional<Error>& complaint) {
    if (answer.kind != Answer::Kind::committed) {
        auto reply = HttpReply::error(
            503, Error{"store_failing", "nothing can be stored at the moment; send it again"});
        reply.headers.emplace_back("Retry-After", "5");
        return reply;
    }
    if (complaint) return HttpReply::error(400, *complaint);
    return {.status = 200, .content_type = "application/json", .body = "", .headers = {}};
}

void take(Api& api, Api::Call call, Intake intake) {
    auto source = source_of(call);
    if (!source) {
        reject(api, call, source.error());
        return;
    }
    if (too_many(api, call, intake.alerts)) return;
    Input input;
    input.received = call.received;
    input.journal = JournalRow{
        .at = {}, .kind = intake.kind, .source = *source, .body = std::move(call.request.body)};
    const auto count = static_cast<double>(intake.alerts.size());
    input.events.reserve(intake.alerts.size());
    for (auto& alert : intake.alerts) {
        alert.source = *source;
        input.events.emplace_back(std::move(alert));
    }
    input.then = [&api, count, format = intake.format, reply = call.reply, sender = call.sender(),
                  complaint = std::move(intake.complaint)](const Answer& answer) {
        if (answer.kind == Answer::Kind::committed) {
            api.parts().metrics.add(Metric::alerts_received, {format}, count);
            if (!complaint) api.senders().accepted(sender);
        } else {
            api.parts().metrics.add(Metric::requests_refused, {"store_failing"});
        }
        reply(answer_to(answer, complaint));
    };
    api.offer(call.reply, std::move(input));
}

}  // namespace

void take_webhook(Api& api, Api::Call call) {
    auto read = integrations::read_webhook(call.request.body);
    if (!read) {
        reject(api, call, read.error());
        return;
    }
    if (read->truncated_alerts > 0) {
        api.parts().metrics.add(Metric::truncated_alerts, {},
                                static_cast<double>(read->truncated_alerts));
        api.parts().log.warning("an Alertmanager left alerts out (max_alerts)",
                                {{"sender", call.sender()},
                                 {"receiver", read->receiver},
                                 {"left_out", std::to_string(read->truncated_alerts)}});
    }
    take(api, std::move(call),
         {.format = "webhook",
          .kind = "alertmanager",
          .alerts = std::move(read->alerts),
          .complaint = std::nullopt});
}

void take_alerts(Api& api, Api::Call call) {
    auto read = integrations::read_v2_alerts(call.request.body, call.received);
    if (!read) {
        reject(api, call, read.error());
        return;
    }
    std::optional<Error> complaint;
    if (!read->complaints.empty()) {
        complaint = Error{"bad_alert", join(read->complaints, "; ")};
        api.parts().metrics.add(Metric::requests_refused, {"malformed"});
        api.note_rejected(400, call.sender(), complaint->message);
    }
    take(api, std::move(call),
         {.format = "v2",
          .kind = "alerts",
          .alerts = std::move(read->alerts),
          .complaint = std::move(complaint)});
}

}  // namespace tocsin::shell

// What most sinks share: the judgement of an answer by its status, and no way to look up.
#include "integrations/sink.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace tocsin::integrations {

namespace {

constexpr std::size_t peer_text_bytes_max = 200;

/// Statuses below 500 after which asking again can help.
constexpr std::array<int, 3> passing_refusals = {408, 425, 429};

/// Retry-After in whole seconds (RFC 9110 §10.2.3); a date, or anything else, is not looked at.
std::optional<Duration> retry_after(const Answer& answer) {
    const auto text = answer.header("retry-after");
    if (!text || text->empty() || text->size() > 6) return std::nullopt;
    int count = 0;
    for (const char digit : *text) {
        if (digit < '0' || digit > '9') return std::nullopt;
        count = count * 10 + (digit - '0');
    }
    return seconds(count);
}

std::string reason_of(const Answer& answer) {
    std::string reason = "answered " + std::to_string(answer.status);
    const std::string said = quote_peer(answer.body);
    if (!said.empty()) reason += ": " + said;
    return reason;
}

}  // namespace

std::string quote_peer(std::string_view text) {
    return truncate(one_line(to_valid_utf8(trim(text.substr(0, 4 * peer_text_bytes_max)))),
                    peer_text_bytes_max);
}

std::optional<std::string> Answer::header(std::string_view lower_case_name) const {
    for (const auto& [name, value] : headers) {
        if (name == lower_case_name) return value;
    }
    return std::nullopt;
}

Judgement judge_by_status(const Answer& answer) {
    if (answer.kind != Answer::Kind::answered) {
        const bool unreachable = answer.kind == Answer::Kind::unreachable;
        std::string reason = unreachable ? "not reached" : "no whole answer";
        if (!answer.error.empty()) reason += ": " + quote_peer(answer.error);
        return TryAgain{.reason = std::move(reason)};
    }
    if (answer.status >= 200 && answer.status < 300) return Accepted{};
    const bool again = answer.status >= 500 ||
                       std::ranges::find(passing_refusals, answer.status) != passing_refusals.end();
    if (!again) return GiveUp{.reason = reason_of(answer)};
    return TryAgain{.reason = reason_of(answer),
                    .retry_after = retry_after(answer),
                    .rate_limited = answer.status == 429};
}

Judgement judge_concealing(const Answer& answer, const Secret& secret) {
    const auto conceal = [&secret](std::string text) {
        const std::string& hidden = secret.reveal();
        std::size_t at = hidden.empty() ? text.npos : text.find(hidden);
        for (; at != text.npos; at = text.find(hidden, at)) {
            text.replace(at, hidden.size(), "[secret]");
        }
        return text;
    };
    Answer safe = answer;
    safe.body = conceal(std::move(safe.body));
    safe.error = conceal(std::move(safe.error));
    return judge_by_status(safe);
}

Judgement Sink::judge(const core::Effect& /*effect*/, const Answer& answer) const {
    return judge_by_status(answer);
}

std::optional<Request> Sink::look_up(const core::Effect& /*effect*/) const {
    return std::nullopt;
}

Found Sink::found(const core::Effect& /*effect*/, const Answer& /*answer*/) const {
    return Found::unknown;
}

}  // namespace tocsin::integrations

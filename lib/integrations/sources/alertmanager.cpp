// What the bodies of Alertmanager, Prometheus and vmalert mean, alert by alert.
#include "integrations/sources/alertmanager.hpp"

#include <algorithm>
#include <tuple>

#include "core/limits.hpp"
#include "integrations/sink.hpp"
#include "integrations/sources/alert_reader.hpp"

namespace tocsin::integrations {

namespace {

namespace limits = core::limits;

/// Collects sentences for people, as many as limits::complaints_max and a count of the rest.
class Complaints {
public:
    void add(std::size_t position, std::string_view what) {
        ++count_;
        if (list_.size() >= limits::complaints_max) return;
        list_.push_back("alert " + std::to_string(position) + ": " + std::string(what));
    }

    std::vector<std::string> take() && {
        if (count_ > list_.size()) {
            list_.push_back("and " + std::to_string(count_ - list_.size()) + " more");
        }
        return std::move(list_);
    }

private:
    std::vector<std::string> list_;
    std::size_t count_ = 0;
};

/// Alertmanager quotes a receiver's name as a regular expression: `team\.a` is `team.a`.
std::string without_escapes(std::string_view quoted) {
    std::string plain;
    for (std::size_t at = 0; at < quoted.size(); ++at) {
        if (quoted[at] == '\\' && at + 1 < quoted.size()) ++at;
        plain += quoted[at];
    }
    return plain;
}

/// Why a posted alert cannot be taken; empty when it can.
std::string invalid(const ReadAlert& read) {
    if (!read.bad_label.empty()) {
        return "label name " + read.bad_label + " is not letters, digits and _";
    }
    if (read.seen.labels.empty()) return "it has no labels";
    if (!read.bad_time.empty()) return "its time " + read.bad_time + " is not RFC 3339";
    const auto& [starts_at, ends_at] = std::tie(read.seen.starts_at, read.seen.ends_at);
    if (starts_at && ends_at && *ends_at < *starts_at) return "it ends before it starts";
    return {};
}

void complain_about_values(const AlertsRead& read, Complaints& complaints) {
    for (const std::size_t position : read.not_objects) {
        complaints.add(position, "it is not an object");
    }
}

}  // namespace

Result<WebhookRead> read_webhook(std::string_view body) {
    Result<AlertsRead> whole = read_alerts(body, AlertShape::webhook, limits::alert_body_bytes_max);
    if (!whole) return whole.error();
    Complaints complaints;
    WebhookRead read{.alerts = {},
                     .truncated_alerts = whole->truncated_alerts,
                     .receiver = without_escapes(whole->receiver),
                     .version = std::move(whole->version),
                     .external_url = std::move(whole->external_url),
                     .group_key = std::move(whole->group_key),
                     .complaints = {},
                     .cut = whole->cut};
    read.alerts.reserve(whole->alerts.size());
    complain_about_values(*whole, complaints);
    for (ReadAlert& alert : whole->alerts) {
        if (!alert.bad_time.empty()) {
            complaints.add(alert.position, "its time " + alert.bad_time + " is not RFC 3339");
        }
        const bool has_ended = alert.status == ReadAlert::Status::absent
                                   ? alert.seen.ends_at.has_value()
                                   : alert.status == ReadAlert::Status::resolved;
        alert.seen.firing = !has_ended;
        if (alert.seen.firing) alert.seen.ends_at.reset();
        read.alerts.push_back(std::move(alert.seen));
    }
    read.complaints = std::move(complaints).take();
    return read;
}

Result<PostRead> read_v2_alerts(std::string_view body, Instant now) {
    Result<AlertsRead> whole = read_alerts(body, AlertShape::list, limits::alert_body_bytes_max);
    if (!whole) return whole.error();
    Complaints complaints;
    PostRead read{.alerts = {}, .complaints = {}, .cut = whole->cut};
    read.alerts.reserve(whole->alerts.size());
    complain_about_values(*whole, complaints);
    for (ReadAlert& alert : whole->alerts) {
        if (const std::string why = invalid(alert); !why.empty()) {
            complaints.add(alert.position, why);
            continue;
        }
        core::AlertSeen& seen = alert.seen;
        seen.firing = !seen.ends_at || *seen.ends_at > now;
        seen.leased = seen.firing;
        if (!seen.firing && !seen.starts_at) seen.starts_at = seen.ends_at;
        read.alerts.push_back(std::move(seen));
    }
    read.complaints = std::move(complaints).take();
    return read;
}

Result<std::vector<ListedAlert>> read_alert_list(const Answer& answer) {
    if (answer.kind != Answer::Kind::answered) {
        return Error{.code = "not_answered", .message = quote_peer(answer.error)};
    }
    if (answer.status != 200) {
        return Error{.code = "refused",
                     .message = "answered " + std::to_string(answer.status) + ": " +
                                quote_peer(answer.body)};
    }
    Result<AlertsRead> whole =
        read_alerts(answer.body, AlertShape::list, limits::query_response_bytes_max);
    if (!whole) return whole.error();
    if (!whole->not_objects.empty()) {  // what we cannot read must not look as if it were over
        return Error{.code = "bad_body", .message = "the list holds something that is no alert"};
    }
    std::vector<ListedAlert> list;
    list.reserve(whole->alerts.size());
    for (ReadAlert& alert : whole->alerts) {
        alert.seen.ends_at.reset();  // Alertmanager's own lease, not an end
        ListedAlert& listed = list.emplace_back();
        listed.fingerprint = alert.seen.labels.fingerprint();
        listed.alert = std::move(alert.seen);
        listed.state = std::move(alert.state);
        listed.receivers = std::move(alert.receivers);
    }
    return list;
}

HttpRequest alert_list_request(std::string_view url, Duration timeout,
                               std::vector<Header> headers) {
    while (url.ends_with('/')) url.remove_suffix(1);
    std::string whole(url);
    if (!url.ends_with("/api/v2")) whole += "/api/v2";
    whole += "/alerts?active=true&silenced=true&inhibited=true&unprocessed=true";
    headers.emplace_back("Accept", "application/json");
    return {.method = "GET",
            .url = std::move(whole),
            .headers = std::move(headers),
            .body = {},
            .timeout = timeout,
            .response_bytes_max = limits::query_response_bytes_max};
}

std::vector<std::uint64_t> fingerprints_of(const std::vector<ListedAlert>& alerts) {
    std::vector<std::uint64_t> fingerprints;
    fingerprints.reserve(alerts.size());
    for (const ListedAlert& listed : alerts) fingerprints.push_back(listed.fingerprint);
    std::ranges::sort(fingerprints);
    const auto repeated = std::ranges::unique(fingerprints);
    fingerprints.erase(repeated.begin(), repeated.end());
    return fingerprints;
}

}  // namespace tocsin::integrations

// Codec: the field list of each record, which the writer and the reader both walk.

#include "shell/codec.hpp"

#include "base/match.hpp"
#include "shell/codec_bytes.hpp"
#include "shell/codec_incident.hpp"

namespace tocsin::core {

// The order of these lines is the format. They stand in the records' namespace so that the archives
// find them. `Record` is const when writing.

template <class Io, class R>
requires Is<Track, R>
void fields(Io& io, R& track) {
    io(track.rule);
    io.fixed(track.content_hash);
    io(track.incident);
    io(track.clear_since);
    io(track.since);
    io.choice(track.outcome, Outcome::unmatched);
    io.choice(track.severity, Severity::critical);
    io.choice(track.because, Because::maintenance_over);
    io.choice(track.spent_severity, Severity::critical);
    io.choice(track.spent, Spent::closed_by_human);
    io(track.judged);
    if (io.version() >= 2) io(track.window);
}

template <class Io, class R>
requires Is<Signal, R>
void fields(Io& io, R& signal) {
    io(signal.id);
    io.fixed(signal.fingerprint);
    io(signal.labels);
    io(signal.annotations);
    io(signal.starts_at);
    io(signal.ends_at);
    io(signal.source);
    io(signal.owner_rule);
    io.choice(signal.kind, SignalKind::condition);
    io(signal.firing);
    io(signal.leased);
    io(signal.absent_answers);
    io(signal.tracks);
}

template <class Io, class R>
requires Is<Effect, R>
void fields(Io& io, R& effect) {
    io(effect.id);
    io(effect.key);
    io(effect.page_key);
    io(effect.integration);
    io.choice(effect.action, Action::banner);
    io(effect.person);
    io(effect.text);
    io(effect.link);
    io(effect.incident);
    io(effect.ordered_at);
    if (io.version() >= 2) io(effect.address);
}

template <class Io, class R>
requires Is<Delivery, R>
void fields(Io& io, R& delivery) {
    io(delivery.effect);
    io.choice(delivery.state, DeliveryState::dropped);
    io(delivery.error);
    io(delivery.remote);
    io(delivery.finished_at);
}

template <class Io, class R>
requires Is<RuleHealth, R>
void fields(Io& io, R& health) {
    io(health.id);
    io(health.rule);
    io(health.source);
    io.fixed(health.content_hash);
    io(health.ever_had_data);
    io(health.failing_since);
    io(health.empty_since);
    io.choice(health.because, Because::maintenance_over);
    io(health.detail);
    io(health.blind);
    io(health.reported);
}

template <class Io, class R>
requires Is<TimelineEntry, R>
void fields(Io& io, R& entry) {
    io(entry.id);
    io(entry.incident);
    io(entry.at);
    io(entry.by);
    io(entry.what);
    io(entry.text);
    io(entry.value);
}

template <class Io, class R>
requires Is<PendingStep, R>
void fields(Io& io, R& pending) {
    io(pending.step);
    io(pending.since);
    io(pending.due);
}

template <class Io, class R>
requires Is<Verdict, R>
void fields(Io& io, R& verdict) {
    io.choice(verdict.outcome, Outcome::unmatched);  // first: lists filter by outcome and rule
    io(verdict.rule);
    io(verdict.id);
    io(verdict.at);
    io(verdict.labels);
    io.choice(verdict.severity, Severity::critical);
    io(verdict.value);
    io(verdict.threshold);
    io(verdict.cite);
    io.choice(verdict.because, Because::maintenance_over);
    io(verdict.detail);
    io(verdict.incident);
    io(verdict.pending);
}

template <class Io, class R>
requires Is<Window, R>
void fields(Io& io, R& window) {
    io(window.id);
    io(window.name);
    io(window.from_file);
    io(window.from);
    io(window.to);
    io(window.announced_at);
    io(window.match);
    io(window.rules);
    io(window.announcement);
    io(window.by);
    io.choice(window.state, WindowState::over);
    io(window.told_ahead);
    io(window.ended_by);
    io(window.suppressed);
    io(window.suppressed_signals);
    io(window.outlived);
    io(window.ended_at);
    io(window.remembered);
    io(window.settled);
}

template <class Io, class R>
requires Is<Told, R>
void fields(Io& io, R& told) {
    io(told.key);
    io(told.at);
}

template <class Io, class R>
requires Is<Rota, R>
void fields(Io& io, R& rota) {
    io(rota.id);
    io(rota.handed_over_at);
    io(rota.cleared);
    io(rota.cleared_unlisted);
    io(rota.cleared_since);
    io(rota.told);
}

template <class Io, class R>
requires Is<Counters, R>
void fields(Io& io, R& counters) {
    io(counters.signal);
    io(counters.incident);
    io(counters.delivery);
    io(counters.verdict);
    io(counters.timeline);
    io(counters.health);
    if (io.version() >= 2) io(counters.window);
}

}  // namespace tocsin::core

namespace tocsin::shell::codec {

namespace {

template <class Record>
void encode_row(const Record& record, const core::Symbols* symbols, std::string& out) {
    Writer writer(out, symbols, version);
    writer(version);
    writer(record);
}

/// The version byte is read and judged; what follows is the caller's.
Result<Reader> open_row(std::string_view row, core::Symbols* symbols, const char* what) {
    Reader reader(row, symbols);
    std::uint8_t row_version = 0;
    reader(row_version);
    if (row_version > version) {
        return Error{"newer", std::string("a stored ") + what + " has format " +
                                  std::to_string(row_version) + ", this tocsin knows up to " +
                                  std::to_string(version) + "; use a newer tocsin"};
    }
    if (row_version == 0) return Error{"corrupt", std::string("a stored ") + what + " is empty"};
    reader.set_version(row_version);
    return reader;
}

Error unreadable(const char* what) {
    return {"corrupt", std::string("a stored ") + what + " is cut off or damaged"};
}

template <class Record>
Result<Record> decode_row(std::string_view row, core::Symbols* symbols, const char* what) {
    Result<Reader> reader = open_row(row, symbols, what);
    if (!reader) return reader.error();
    Record record;
    (*reader)(record);
    if (reader->bad() || !reader->at_end()) return unreadable(what);
    return record;
}

}  // namespace

void encode(const core::Signal& signal, const core::Symbols& symbols, std::string& out) {
    encode_row(signal, &symbols, out);
}
void encode(const core::Incident& incident, std::string& out) {
    encode_row(incident, nullptr, out);
}
void encode(const core::Delivery& delivery, std::string& out) {
    encode_row(delivery, nullptr, out);
}
void encode(const core::RuleHealth& health, std::string& out) {
    encode_row(health, nullptr, out);
}
void encode(const core::TimelineEntry& entry, std::string& out) {
    encode_row(entry, nullptr, out);
}
void encode(const core::Verdict& verdict, std::string& out) {
    encode_row(verdict, nullptr, out);
}
void encode(const core::Counters& counters, std::string& out) {
    encode_row(counters, nullptr, out);
}

void encode(const core::Window& window, std::string& out) {
    encode_row(window, nullptr, out);
}
void encode(const core::Rota& rota, std::string& out) {
    encode_row(rota, nullptr, out);
}

void encode(const core::Record& record, const core::Symbols* symbols, std::string& out) {
    match(record, [&](const auto& held) { encode_row(held, symbols, out); });
}

Result<core::Signal> decode_signal(std::string_view row, core::Symbols& symbols) {
    return decode_row<core::Signal>(row, &symbols, "signal");
}
Result<core::Incident> decode_incident(std::string_view row) {
    return decode_row<core::Incident>(row, nullptr, "incident");
}
Result<core::Delivery> decode_delivery(std::string_view row) {
    return decode_row<core::Delivery>(row, nullptr, "delivery");
}
Result<core::RuleHealth> decode_rule_health(std::string_view row) {
    return decode_row<core::RuleHealth>(row, nullptr, "rule health");
}
Result<core::TimelineEntry> decode_timeline_entry(std::string_view row) {
    return decode_row<core::TimelineEntry>(row, nullptr, "timeline entry");
}
Result<core::Verdict> decode_verdict(std::string_view row) {
    return decode_row<core::Verdict>(row, nullptr, "verdict");
}
Result<core::Counters> decode_counters(std::string_view row) {
    return decode_row<core::Counters>(row, nullptr, "set of counters");
}

Result<core::Window> decode_window(std::string_view row) {
    return decode_row<core::Window>(row, nullptr, "maintenance window");
}
Result<core::Rota> decode_rota(std::string_view row) {
    return decode_row<core::Rota>(row, nullptr, "rota");
}

Result<VerdictHead> decode_verdict_head(std::string_view row) {
    Result<Reader> reader = open_row(row, nullptr, "verdict");
    if (!reader) return reader.error();
    VerdictHead head;
    reader->choice(head.outcome, core::Outcome::unmatched);
    (*reader)(head.rule);
    if (reader->bad()) return unreadable("verdict");
    return head;
}

Result<core::IncidentState> decode_incident_state(std::string_view row) {
    Result<Reader> reader = open_row(row, nullptr, "incident");
    if (!reader) return reader.error();
    core::IncidentState state = core::IncidentState::triage;
    reader->choice(state, core::IncidentState::declined);
    if (reader->bad()) return unreadable("incident");
    return state;
}

}  // namespace tocsin::shell::codec

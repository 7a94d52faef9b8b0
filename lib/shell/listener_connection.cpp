// HttpConnection: heads, bodies, answers and their bounds, one request at a time.
#include "shell/listener_connection.hpp"

#include <algorithm>
#include <utility>

#include "core/limits.hpp"
#include "shell/listener_wire.hpp"

namespace tocsin::shell {
namespace {

namespace limits = core::limits;

constexpr std::size_t body_read_bytes = 64 * 1024;
/// Bodies up to this size get their memory in one piece, larger ones as they arrive: a length
/// alone, without bytes, reserves nothing.
constexpr std::size_t body_reserve_bytes = 4 * 1024;
/// A reply's body up to this size is sent with its head in one piece.
constexpr std::size_t joined_body_bytes_max = 16 * 1024;
constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";

Duration time_for(std::size_t bytes) {
    return seconds(static_cast<std::int64_t>(bytes / limits::bytes_per_second_min));
}

bool equals_ignoring_case(std::string_view text, std::string_view lower_case) {
    return std::equal(text.begin(), text.end(), lower_case.begin(), lower_case.end(),
                      [](char left, char right) { return (left | 0x20) == (right | 0x20); });
}

HttpReply refusal(int status, std::string code, std::string message) {
    return HttpReply::error(status, {.code = std::move(code), .message = std::move(message)});
}

}  // namespace

HttpConnection::HttpConnection(HttpShared& shared, std::uint64_t id, HttpPeer peer, Duration now)
    : shared_(shared),
      id_(id),
      peer_(std::move(peer)),
      deadline_(now + shared.limits.head_within) {}

HttpConnection::~HttpConnection() {
    shared_.bodies.release(charged_);
    if (counted_) shared_.untrusted.remove(peer_.address);
}

void HttpConnection::received(std::string_view bytes, Duration now) {
    if (phase_ == Phase::lingering) {
        lingered_ += bytes.size();
        if (lingered_ > limits::linger_bytes_max) phase_ = Phase::finished;
        return;
    }
    if (phase_ == Phase::head && pending_.empty()) deadline_ = now + shared_.limits.head_within;
    pending_.append(bytes);
    proceed(now);
}

void HttpConnection::proceed(Duration now) {
    while ((phase_ == Phase::head && read_head(now)) || (phase_ == Phase::body && read_body(now))) {
        continue;
    }
    if (pending_.empty()) std::string().swap(pending_);
}

/// True when a head was complete; the phase has then changed.
bool HttpConnection::read_head(Duration now) {
    // RFC 9112 §2.2: empty lines before a request line are ignored.
    const std::size_t begins = std::min(pending_.find_first_not_of("\r\n"), pending_.size());
    if (begins > 0) {
        pending_.erase(0, begins);
        scanned_ = 0;
    }
    const std::size_t ends = pending_.find("\r\n\r\n", scanned_ < 3 ? 0 : scanned_ - 3);
    scanned_ = pending_.size();
    const bool complete = ends != std::string::npos;
    const std::size_t head_bytes = complete ? ends + 4 : pending_.size();
    if (head_bytes > shared_.limits.header_bytes_max) {
        in_ = HttpIn{};
        in_.peer = peer_.text;
        refuse(431, "header_too_large",
               "the request's head is over " + std::to_string(shared_.limits.header_bytes_max) +
                   " bytes",
               now);
        return true;
    }
    if (!complete) return false;
    scanned_ = 0;
    parser_ =
        std::make_unique<HttpParser>([this](std::string_view body) { return take_body(body); });
    Result<HttpHead> head = parser_->read_head(std::string_view(pending_).substr(0, head_bytes));
    pending_.erase(0, head_bytes);
    if (!head) {
        in_ = HttpIn{};
        in_.peer = peer_.text;
        refuse(400, head.error().code, head.error().message, now);
    } else {
        begin(std::move(*head), now);
    }
    return true;
}

void HttpConnection::begin(HttpHead head, Duration now) {
    in_ = std::move(head.in);
    in_.peer = peer_.text;
    keep_alive_ = head.keep_alive;
    head_only_ = in_.method == "HEAD";
    const Admission admission = shared_.admit(in_);
    if (admission.refusal) {
        write(*admission.refusal, keep_alive_ && !head.has_body(), now);
        return;
    }
    body_bytes_max_ = admission.body_bytes_max;
    if (over_peer_cap(admission.trusted)) {
        write(refusal(503, "too_many_connections", "too many connections from this address"), false,
              now);
        return;
    }
    const std::string_view encoding = in_.header("content-encoding");
    if (!encoding.empty() && !equals_ignoring_case(encoding, "identity")) {
        return refuse(415, "content_encoding", "send the body without Content-Encoding", now);
    }
    const std::string_view expect = in_.header("expect");
    if (!expect.empty() && !equals_ignoring_case(expect, "100-continue")) {
        return refuse(417, "expectation", "only Expect: 100-continue is understood", now);
    }
    if (!head.has_body()) return dispatch(now);
    if (head.content_length.value_or(0) > body_bytes_max_) {
        return refuse(413, "body_too_large",
                      "the body has " + std::to_string(*head.content_length) + " bytes; at most " +
                          std::to_string(body_bytes_max_) + " are taken here",
                      now);
    }
    expect_body(head, now);
}

void HttpConnection::expect_body(const HttpHead& head, Duration now) {
    const std::size_t bytes =
        head.content_length ? static_cast<std::size_t>(*head.content_length) : body_bytes_max_;
    phase_ = Phase::body;
    deadline_ = now + shared_.limits.body_within + time_for(bytes);
    body_over_budget_ = false;
    body_bytes_max_ = head.content_length ? bytes : body_bytes_max_;
    if (!in_.header("expect").empty() && pending_.empty()) head_out_ = go_on;
}

/// True when the body was complete or refused; the phase has then changed.
bool HttpConnection::read_body(Duration now) {
    const Result<std::size_t> used = parser_->read_body(pending_);
    if (!used) {
        pending_.clear();
        if (used.error().code != "body_refused") {
            refuse(400, used.error().code, used.error().message, now);
        } else if (body_over_budget_) {
            write(refusal(503, "busy", "too many bodies are under way; try again"), false, now);
        } else {
            refuse(413, "body_too_large",
                   "the body is over " + std::to_string(body_bytes_max_) + " bytes", now);
        }
        return true;
    }
    pending_.erase(0, *used);
    if (parser_->done()) {
        dispatch(now);
        return true;
    }
    // What is left is a chunk header or trailer still without its end; it has the head's bound.
    if (pending_.size() <= shared_.limits.header_bytes_max) return false;
    pending_.clear();
    refuse(400, "bad_request", "bad HTTP body: a chunk header without an end", now);
    return true;
}

bool HttpConnection::take_body(std::string_view bytes) {
    const std::size_t size = in_.body.size() + bytes.size();
    if (size > body_bytes_max_) return false;
    if (size > charged_) {
        const std::size_t room =
            std::min(std::max({size, 2 * charged_, body_reserve_bytes}), body_bytes_max_);
        if (!shared_.bodies.charge(room - charged_, shared_.limits.bodies_in_flight_bytes_max)) {
            body_over_budget_ = true;
            return false;
        }
        charged_ = room;
        in_.body.reserve(room);
    }
    in_.body.append(bytes);
    return true;
}

void HttpConnection::dispatch(Duration now) {
    phase_ = Phase::answering;
    parser_.reset();
    deadline_ = now + shared_.limits.answer_within;
    ++request_;
    shared_.on_request(std::exchange(in_, HttpIn{}), shared_.make_reply(id_, request_));
}

void HttpConnection::answer(std::uint64_t request, HttpReply reply, Duration now) {
    if (phase_ != Phase::answering || request != request_) return;
    write(std::move(reply), keep_alive_, now);
}

void HttpConnection::refuse(int status, std::string code, std::string message, Duration now) {
    if (shared_.on_refused) shared_.on_refused(status, in_, message);
    write(refusal(status, std::move(code), std::move(message)), false, now);
}

void HttpConnection::write(HttpReply reply, bool keep_alive, Duration now) {
    phase_ = Phase::writing;
    keep_alive_ = keep_alive && !shared_.draining;
    parser_.reset();
    in_ = HttpIn{};
    const std::size_t bytes = reply.body.size();
    deadline_ = now + shared_.limits.write_within + time_for(bytes);
    head_out_ += reply_head(reply, keep_alive_);  // behind a 100 Continue that is still unsent
    const bool bodiless = head_only_ || reply.status == 204 || reply.status == 304;
    if (bodiless) return;
    if (bytes <= joined_body_bytes_max) {
        head_out_ += reply.body;
    } else {
        body_out_ = std::move(reply.body);
    }
}

std::string_view HttpConnection::unsent() const {
    if (out_sent_ < head_out_.size()) return std::string_view(head_out_).substr(out_sent_);
    return std::string_view(body_out_).substr(out_sent_ - head_out_.size());
}

void HttpConnection::sent(std::size_t bytes, Duration now) {
    out_sent_ += bytes;
    if (!unsent().empty()) return;
    std::string().swap(head_out_);
    std::string().swap(body_out_);
    out_sent_ = 0;
    if (phase_ == Phase::writing) finish_request(now);
}

void HttpConnection::finish_request(Duration now) {
    shared_.bodies.release(std::exchange(charged_, 0));
    if (!keep_alive_) {
        // Closing with unread bytes would reset the connection and could take the reply with it.
        phase_ = Phase::lingering;
        deadline_ = now + shared_.limits.linger_within;
        std::string().swap(pending_);
        return;
    }
    phase_ = Phase::head;
    head_only_ = false;
    scanned_ = 0;
    deadline_ = now + (pending_.empty() ? shared_.limits.idle_within : shared_.limits.head_within);
    proceed(now);
}

void HttpConnection::peer_ended() {
    if (wants_read()) phase_ = Phase::finished;
}

void HttpConnection::expire(Duration now) {
    const bool mid_head = phase_ == Phase::head && !pending_.empty();
    if (mid_head || phase_ == Phase::body) {
        write(refusal(408, "too_slow", "the request did not arrive in time"), false, now);
    } else if (phase_ == Phase::answering) {
        ++request_;  // a late answer finds nobody
        write(refusal(503, "busy", "no answer in time; try again"), false, now);
    } else {
        phase_ = Phase::finished;
    }
}

void HttpConnection::drain() {
    if (phase_ == Phase::head && pending_.empty()) phase_ = Phase::finished;
}

bool HttpConnection::wants_read() const {
    return unsent().empty() &&
           (phase_ == Phase::head || phase_ == Phase::body || phase_ == Phase::lingering);
}

std::size_t HttpConnection::read_bytes_max() const {
    return phase_ == Phase::head ? shared_.limits.header_bytes_max : body_read_bytes;
}

bool HttpConnection::evictable() const {
    return phase_ == Phase::head || phase_ == Phase::lingering;
}

bool HttpConnection::over_peer_cap(bool trusted) {
    if (trusted || peer_.address.empty()) {
        if (counted_) shared_.untrusted.remove(peer_.address);
        counted_ = false;
        return false;
    }
    if (counted_) return false;
    counted_ =
        shared_.untrusted.add(peer_.address, shared_.limits.untrusted_connections_per_peer_max);
    return !counted_;
}

}  // namespace tocsin::shell

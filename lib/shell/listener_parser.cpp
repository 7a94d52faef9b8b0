// HttpParser on Boost.Beast's incremental parser, with the checks that Beast leaves to its user.
#include "shell/listener_parser.hpp"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <string>
#include <utility>

#include "shell/listener_wire.hpp"

namespace tocsin::shell {
namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](char byte) {
        return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
    });
    return out;
}

bool is_decimal(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

Error bad_request(std::string message) {
    return {.code = "bad_request", .message = std::move(message)};
}

}  // namespace

class HttpParser::Impl final : public http::basic_parser<true> {
public:
    explicit Impl(OnBody on_body) : on_body_(std::move(on_body)) {
        body_limit(boost::none);  // the connection counts, by the admission's bound
        header_limit(1U << 20U);  // the connection bounds heads before they come here
    }

    HttpHead head;
    std::string trouble;  // what was wrong, when a callback found it
    int lengths = 0;
    int transfer_encodings = 0;
    int hosts = 0;
    bool http_1_1 = false;

private:
    using View = boost::beast::string_view;

    void refuse(std::string why, error_code& ec) {
        trouble = std::move(why);
        ec = http::error::bad_field;
    }

    void on_request_impl(http::verb /*verb*/, View method, View target, int version,
                         error_code& ec) override {
        head.in.method.assign(method.data(), method.size());
        http_1_1 = version >= 11;
        if (!read_target({target.data(), target.size()}, head.in)) {
            refuse("the request target is not a path", ec);
        }
    }

    void on_response_impl(int /*code*/, View /*reason*/, int /*version*/, error_code& ec) override {
        ec = http::error::bad_version;
    }

    void on_field_impl(http::field field, View name, View value, error_code& ec) override {
        if (in_body_) return;  // trailers of a chunked body say nothing that we would act on
        if (field == http::field::content_length && ++lengths > 1) {
            return refuse("two Content-Length fields", ec);
        }
        // Beast takes `1, 1`; a proxy before us may read it otherwise.
        if (field == http::field::content_length && !is_decimal({value.data(), value.size()})) {
            return refuse("a Content-Length that is no number", ec);
        }
        if (field == http::field::transfer_encoding) {
            if (++transfer_encodings > 1 || lower({value.data(), value.size()}) != "chunked") {
                return refuse("a Transfer-Encoding other than chunked", ec);
            }
        }
        if (lengths > 0 && transfer_encodings > 0) {
            return refuse("Content-Length and Transfer-Encoding together", ec);
        }
        if (field == http::field::host && ++hosts > 1) return refuse("two Host fields", ec);
        head.in.headers.emplace_back(lower({name.data(), name.size()}),
                                     std::string(value.data(), value.size()));
    }

    void on_header_impl(error_code& ec) override {
        in_body_ = true;
        if (http_1_1 && hosts == 0) refuse("no Host field", ec);
        if (!http_1_1 && transfer_encodings > 0) refuse("chunked in HTTP/1.0", ec);
    }

    void on_body_init_impl(const boost::optional<std::uint64_t>& /*length*/,
                           error_code& /*ec*/) override {}

    std::size_t take(View body, error_code& ec) {
        if (!on_body_({body.data(), body.size()})) ec = http::error::body_limit;
        return body.size();
    }
    std::size_t on_body_impl(View body, error_code& ec) override { return take(body, ec); }
    std::size_t on_chunk_body_impl(std::uint64_t /*remain*/, View body, error_code& ec) override {
        return take(body, ec);
    }
    void on_chunk_header_impl(std::uint64_t /*size*/, View /*extensions*/,
                              error_code& /*ec*/) override {}
    void on_finish_impl(error_code& /*ec*/) override {}

    OnBody on_body_;
    bool in_body_ = false;
};

HttpParser::HttpParser(OnBody on_body) : impl_(std::make_unique<Impl>(std::move(on_body))) {}

HttpParser::~HttpParser() = default;

Result<HttpHead> HttpParser::read_head(std::string_view text) {
    error_code ec;
    const std::size_t used = impl_->put(boost::asio::const_buffer(text.data(), text.size()), ec);
    if (!impl_->trouble.empty()) return bad_request("bad HTTP request: " + impl_->trouble);
    if (ec) return bad_request("bad HTTP request: " + ec.message());
    if (used != text.size() || !impl_->is_header_done()) {
        return bad_request("bad HTTP request: the head ends early");
    }
    HttpHead head = std::move(impl_->head);
    head.keep_alive = impl_->http_1_1 && impl_->keep_alive();  // HTTP/1.0 closes
    head.chunked = impl_->chunked();
    if (const auto length = impl_->content_length()) head.content_length = *length;
    impl_->eager(true);
    return head;
}

Result<std::size_t> HttpParser::read_body(std::string_view text) {
    error_code ec;
    std::size_t used = 0;
    while (!impl_->is_done() && used < text.size()) {
        const std::string_view rest = text.substr(used);
        used += impl_->put(boost::asio::const_buffer(rest.data(), rest.size()), ec);
        if (ec == http::error::need_more) break;
        if (ec == http::error::body_limit) {
            return Error{.code = "body_refused", .message = "the body was refused"};
        }
        if (ec) return bad_request("bad HTTP body: " + ec.message());
    }
    return used;
}

bool HttpParser::done() const {
    return impl_->is_done();
}

}  // namespace tocsin::shell

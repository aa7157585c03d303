//! What is wrong with a request, beside its body.

use crate::names::NameError;
use crate::{Bytes, Code};

/// Why a request isn't answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestProblem {
    /// There is nothing at this address.
    NothingHere,
    /// The address is known, the method isn't.
    MethodNotAllowed,
    /// Another site's page has sent it.
    FromOtherSite,
    /// The proxy says where the portal stands, and that isn't a path.
    PrefixNotAPath {
        /// What is wrong with it.
        why: NameError,
    },
    /// Its headers are too large.
    HeadersTooLarge {
        /// Bytes of all headers together.
        size: Bytes,
        /// Most bytes that are accepted.
        most: Bytes,
        /// The cookies that are to blame, if they are most of it.
        cookies: Option<LargeCookies>,
    },
    /// Its query has too many parameters.
    TooManyParameters {
        /// Most parameters of an address.
        most: usize,
    },
    /// HTTP itself, or a part of the address, is wrong in a way that has no words of its own.
    Unreadable {
        /// The HTTP status that it was refused with.
        status: u16,
    },
    /// Reading took too long and was stopped.
    ReadStopped {
        /// Seconds after which it was stopped.
        limit_s: u64,
    },
    /// A change takes long and goes on; its answer isn't waited for any more.
    ChangeGoesOn {
        /// Seconds after which the wait ended.
        limit_s: u64,
    },
    /// The token that continues a list can't be read.
    ContinueTokenInvalid,
    /// There is no such range of a chart.
    ChartRangeUnknown,
    /// A file ends before the range that was asked for.
    FileRangeBeyondEnd,
    /// A file has changed since the moment that the request names.
    FileChanged,
}

/// The cookies that make a request too large.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LargeCookies {
    /// The host whose cookies are to be deleted.
    pub host: String,
    /// The largest of them, largest first.
    pub largest: Vec<Cookie>,
}

/// A cookie without its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cookie {
    /// Its name, printable and short.
    pub name: String,
    /// Bytes of name and value.
    pub size: Bytes,
}

impl RequestProblem {
    pub(super) const fn code(&self) -> Code {
        match self {
            Self::NothingHere => Code::NotFound,
            Self::MethodNotAllowed => Code::MethodNotAllowed,
            Self::FromOtherSite => Code::CrossSite,
            Self::PrefixNotAPath { .. }
            | Self::HeadersTooLarge { .. }
            | Self::TooManyParameters { .. }
            | Self::Unreadable { .. }
            | Self::ContinueTokenInvalid
            | Self::ChartRangeUnknown
            | Self::FileRangeBeyondEnd
            | Self::FileChanged => Code::Invalid,
            Self::ReadStopped { .. } | Self::ChangeGoesOn { .. } => Code::ClusterAway,
        }
    }

    pub(super) const fn reason(&self) -> &'static str {
        match self {
            Self::NothingHere => "nothing_here",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::FromOtherSite => "from_other_site",
            Self::PrefixNotAPath { .. } => "forwarded_prefix_not_a_path",
            Self::HeadersTooLarge { .. } => "headers_too_large",
            Self::TooManyParameters { .. } => "too_many_query_parameters",
            Self::Unreadable { .. } => "request_unreadable",
            Self::ReadStopped { .. } => "read_stopped",
            Self::ChangeGoesOn { .. } => "change_goes_on",
            Self::ContinueTokenInvalid => "continue_token_invalid",
            Self::ChartRangeUnknown => "chart_range_unknown",
            Self::FileRangeBeyondEnd => "file_range_beyond_end",
            Self::FileChanged => "file_changed",
        }
    }

    /// Its own HTTP status, where it isn't that of the code.
    pub(super) const fn http_status(&self) -> Option<u16> {
        match self {
            Self::FileChanged => Some(412),
            Self::FileRangeBeyondEnd => Some(416),
            Self::HeadersTooLarge { .. } => Some(431),
            Self::Unreadable { status } => Some(*status),
            Self::NothingHere
            | Self::MethodNotAllowed
            | Self::FromOtherSite
            | Self::PrefixNotAPath { .. }
            | Self::TooManyParameters { .. }
            | Self::ReadStopped { .. }
            | Self::ChangeGoesOn { .. }
            | Self::ContinueTokenInvalid
            | Self::ChartRangeUnknown => None,
        }
    }
}

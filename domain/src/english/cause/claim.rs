//! Claims of volumes.

use super::subject;
use crate::UnixMs;
use crate::cause::{ClaimWhy, UnboundWhy, Who};
use crate::english::Words;
use crate::english::text::{clip, squeeze};
use crate::time::short;

/// A claim that cannot be used.
pub(super) fn unusable(who: &Who, claim: &str, why: &ClaimWhy, now: UnixMs) -> Words {
    let (subject, claim) = (subject(who), if claim.is_empty() { "of the pod".to_owned() } else { clip(claim, 80) });
    match why {
        ClaimWhy::Deleted => Words::new(
            "claim is being deleted",
            format!("{subject} is waiting: claim {claim} is being deleted"),
            "Create the claim again once it's gone. Pods that still use it block its deletion.",
        ),
        ClaimWhy::VolumeGone => Words::new(
            "volume is gone",
            format!("{subject} is waiting: claim {claim} is bound to a volume that no longer exists"),
            "Restore the volume, or delete and recreate the claim, which loses its data.",
        ),
        ClaimWhy::Unprovisioned { provisioner, since } => Words::new(
            "waiting for a volume",
            format!(
                "{subject} has waited {} for a volume: provisioner {} hasn't created one for claim {claim}",
                short(now.since(*since)),
                clip(provisioner, 80)
            ),
            "Ask an administrator to check that this provisioner is running, or use another storage class.",
        ),
        ClaimWhy::Missing => Words::new(
            "claim doesn't exist",
            format!("{subject} is waiting: claim {claim} doesn't exist"),
            format!("Create claim {claim}, or correct its name in the app."),
        ),
        ClaimWhy::Unbound { since, size, class, phase, why } => {
            let size = clip(size, 20);
            let advice = match class {
                None => "Set a storage class in the claim, or ask for a default one.",
                Some(_) => "Use a storage class that exists, or ask an administrator for the volume.",
            };
            let how = match why {
                Some(why) => format!("({size}) can't get one because {}", unbound(why)),
                None => {
                    let class = class.as_deref().map_or_else(|| "no storage class".to_owned(), |c| format!("storage class {}", clip(c, 60)));
                    format!("({size}, {class}) is {}", phase.to_lowercase())
                }
            };
            Words::new("waiting for a claim", format!("{subject} has waited {} for a volume: claim {claim} {how}", short(now.since(*since))), advice)
        }
    }
}

fn unbound(why: &UnboundWhy) -> String {
    match why {
        UnboundWhy::ClassMissing(class) => format!("storage class {} doesn't exist", clip(class, 60)),
        UnboundWhy::Said(said) => squeeze(said, 300),
    }
}

/// A pod that waits for a claim that is not known.
pub(super) fn awaited(who: &Who, waited: i64) -> Words {
    Words::new("waiting for a claim", format!("{} has waited {} for its volume claim", subject(who), short(waited)), "Check the claim's events.")
}

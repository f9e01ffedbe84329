import type { ChangeRequest } from "../../api/queries/requests";
import { Line, Lines, Muted, Section } from "../../parts/PageHead";
import { requestWords } from "../../text/en/requests";
import { ago, list } from "../../text/format";
import { CopyText } from "../../ui/CopyText";
import { Status } from "../../ui/Status";
import styles from "./Requests.module.css";
import { approvalsMissing, approvalsThatStand, hasEnded } from "./standing";

const digestShown = 16;

interface ApprovalsProps {
  request: ChangeRequest;
  nameOf: (id: string) => string;
}

// How many approvals it takes, whose there are, and who is asked.
export function Approvals({ request, nameOf }: ApprovalsProps) {
  const { approvals_required: needed } = request.result;
  const missing = approvalsMissing(request);
  return (
    <Section
      title={requestWords.approvals}
      detail={
        needed === 0
          ? requestWords.no_approval_needed
          : requestWords.approvals_of(approvalsThatStand(request).length, needed)
      }
    >
      {request.approvals.length > 0 && (
        <Lines label={requestWords.approvals}>
          {request.approvals.map((approval) => (
            <Line key={`${approval.user} ${approval.at}`}>
              <Status
                kind={approval.stands ? "on" : "stale"}
                text={requestWords.approved_by(nameOf(approval.user), ago(approval.at))}
              />
              {!approval.stands && <Muted>{requestWords.stale_approval}</Muted>}
              {approval.comment && <span>{approval.comment}</span>}
            </Line>
          ))}
        </Lines>
      )}
      {!hasEnded(request.state) && missing > 0 && (
        <>
          <Status kind="needs_approval" text={requestWords.needed(missing)} />
          <Muted>
            {requestWords.who_may}{" "}
            {request.reviewers.length === 0 ? requestWords.nobody_asked : list(request.reviewers.map(nameOf))}
          </Muted>
        </>
      )}
      {request.result.digest !== "" && (
        <div className={styles.digest}>
          <span>
            {requestWords.digest}{" "}
            <CopyText text={request.result.digest} shown={request.result.digest.slice(0, digestShown)} />
          </span>
          <Muted>{requestWords.digest_detail}</Muted>
        </div>
      )}
    </Section>
  );
}

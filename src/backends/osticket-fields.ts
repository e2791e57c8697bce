/** Which extra fields are none of a form. Part of `osticket` and `osticket-http`; the relay asks, too. */

/**
 * What osTicket's call for a new ticket reads beside the fields of its forms (documented, and in its source what it reads
 * of mail): who asks, who is told, whom it goes to, and what it answers to.
 */
export const reserved =
  /^(alert|autorespond|ip|source|u(ser_?)?id|name|poster|(to.)?email(.?id)?|phone|priority.*|duedate|b?ccs?|collab(s|orators?)?|.*recipients|thread.?(entry|type|id).*|[mp]id|(in.?)?reply.?to(.?name)?|references|header|(mail)?flags|system_emails|.*(staff|dept|team|sla).*)$/i;
